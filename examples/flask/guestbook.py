from flask import Flask, redirect, render_template_string, request
from waitress import serve

PAGE = """<!doctype html>
<html lang="en">
<title>Guest book</title>
<h1>Guest book</h1>
<ul>{% for entry in entries %}<li>{{ entry }}</li>{% endfor %}</ul>
<form method="post"><input name="entry" required> <button>Sign</button></form>
</html>
"""

app = Flask("guestbook")
entries = []


@app.get("/")
def show():
    return render_template_string(PAGE, entries=entries)


@app.post("/")
def sign():
    entries.append(request.form["entry"])
    return redirect("/")


def main():
    serve(app, host="0.0.0.0", port=8080)
