import workbook
from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/")
def home():
    return jsonify(workbook.WELCOME)


@app.get("/api/health")
def health():
    return jsonify(workbook.HEALTH)
