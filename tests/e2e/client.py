"""A plain client of the API, over a connection for each request."""
import http.client
import json
import urllib.parse

PARTNER = "/restapi/1.0/object/res.partner"


class Failed(Exception):
    pass


class Client:
    def __init__(self, url, key):
        parts = urllib.parse.urlsplit(url)
        self.host, self.mount, self.key = parts.netloc, parts.path, key

    def call(self, method, path, body=None):
        """The answer as an object; Failed for all but a 200."""
        c = http.client.HTTPConnection(self.host, timeout=20)
        headers = {"Authorization": "Bearer " + self.key}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        try:
            c.request(method, self.mount + path, body, headers)
            r = c.getresponse()
            data = r.read()
        except (OSError, http.client.HTTPException) as e:
            raise Failed(repr(e)) from e
        finally:
            c.close()
        if r.status != 200:
            raise Failed("%s %s: %d %r" % (method, path, r.status, data))
        return json.loads(data)

    def create(self, name, **vals):
        vals["name"] = name
        answer = self.call("POST", PARTNER, {"vals": vals})
        return answer["res.partner"]["id"]

    def count(self, name):
        domain = json.dumps([["name", "=", name]])
        return self.call("GET", PARTNER + "/search_count?domain="
                         + urllib.parse.quote(domain))["count"]

    def names(self, ids):
        """id -> name, of those that are there."""
        out = {}
        for i in range(0, len(ids), 80):
            piece = ",".join(map(str, ids[i:i + 80]))
            answer = self.call(
                "GET", PARTNER + "?fields=['name']&ids=" + piece)
            out.update((r["id"], r["name"]) for r in answer["res.partner"])
        return out
