create table if not exists "user" (
    id integer not null primary key,
    username varchar(80) not null,
    password char(60) not null check (length(password) <= 60),
    joined text not null default current_timestamp
);
create unique index if not exists one_name on "user" (username);
create table if not exists "post" (
    id integer not null primary key,
    content varchar(255) not null check (length(content) between 1 and 255),
    user_id integer not null constraint author references "user" (id) on delete cascade
);
