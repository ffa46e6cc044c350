"""The database that the benchmark asks: Cardfile's own, with many partners."""
import os
import random
import shutil
import sqlite3
import subprocess
import unicodedata
import uuid

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
FIRST = ["Anna", "Bram", "Chloé", "Dāvis", "Elif", "Farid", "Grete", "Hana"]
LAST = ["Maes", "Nowak", "Øster", "Petrov", "Quinn", "Rossi", "Sato", "Túri"]
TAGS = 8
CITIES = ["Aarhus", "Brno", "Cádiz", "Delft", "Évora", "Faro", "Genk", "Hà Nội"]


def settings(work):
    """A configuration file; the environment's would count for more."""
    path = os.path.join(work, "cardfile.conf")
    with open(path, "w") as f:
        f.write(f"data_dir = {work}/data\nschema_dir = {SOURCE}/schema\n")
    return path


def cardfile(build, conf, *arguments):
    return subprocess.run(
        [os.path.join(build, "cardfile"), *arguments, "--config", conf],
        check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def partner(n, first, countries, now):
    """Two in three fields are filled, as in real address books."""
    r = random.Random(n)
    company = n % 2
    person = f"{r.choice(FIRST)} {r.choice(LAST)} {n}"
    name = f"{r.choice(LAST)} & {r.choice(LAST)} {n} Ltd" if company else person
    return {
        "id": first + n, "name": name, "display_name": name, "ref": f"P{n:06}",
        "lang": "en_US", "tz": "Europe/Brussels", "vat": f"BE{n:010}",
        "website": f"https://p{n}.example.com", "is_company": company,
        "comment": "Met at the fair.\nCalls \"soon\"." if n % 3 else None,
        "credit_limit": float(n % 5000), "active": 1, "customer": 1,
        "supplier": n % 7 == 0, "employee": 0, "type": "contact",
        "function": None if company else "Buyer", "color": n % 12,
        "street": f"Rue du Marché {n % 300}", "zip": f"{n % 9000 + 1000}",
        "city": r.choice(CITIES), "country_id": countries[n // 2 % len(countries)],
        "email": f"p{n}@example.com", "phone": f"+32 2 {n:07}",
        "mobile": f"+32 475 {n:06}", "uuid": str(uuid.UUID(int=n, version=4)),
        "parent_id": None, "commercial_parent_id": None,
        "create_uid": 1, "create_date": now, "write_uid": 1, "write_date": now,
    }


def contacts(rows):
    """Every second person works for the company before."""
    for above, row in zip(rows[1::4], rows[2::4]):
        row["parent_id"] = row["commercial_parent_id"] = above["id"]
        row["display_name"] = f"{above['name']}, {row['name']}"


def tag(db, rows):
    """Half of the partners have one tag or two."""
    db.executemany(
        "INSERT INTO res_partner_res_partner_category_rel"
        " (partner_id, category_id) VALUES (?, ?)",
        ((row["id"], 1 + (row["id"] + i) % TAGS) for row in rows[::2]
         for i in range(1 + row["id"] % 3 % 2)))


def opened(path):
    """A connection, and what its triggers say of the text indexes."""
    db = sqlite3.connect(path, timeout=30)
    notes = []
    db.create_function("text_note", 4, lambda *note: notes.append(note))
    return db, notes


def flat(text):
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold())
                   if not unicodedata.combining(c))


def index_texts(db, notes):
    """What the server's own function does for it."""
    for index, row, old, new in notes:
        if old is not None:
            db.execute(f'INSERT INTO "{index}" ("{index}", rowid, text)'
                       " VALUES ('delete', ?, ?)", (row, flat(old)))
        if new is not None:
            db.execute(f'INSERT INTO "{index}" (rowid, text) VALUES (?, ?)',
                       (row, flat(new)))


def fill(path, partners):
    db, notes = opened(path)
    ids = [r[0] for r in db.execute("SELECT id FROM res_country ORDER BY id")]
    countries, spare = ids[:-1], ids[-1]
    now = int(db.execute("SELECT max(create_date) FROM res_partner")
              .fetchone()[0])
    first = db.execute("SELECT max(id) FROM res_partner").fetchone()[0] + 1
    rows = [partner(n, first, countries, now) for n in range(partners)]
    contacts(rows)
    keys = list(rows[0])
    with db:
        db.executemany(
            f"INSERT INTO res_partner ({', '.join(keys)})"
            f" VALUES ({', '.join('?' * len(keys))})",
            ([row[k] for k in keys] for row in rows))
        index_texts(db, notes)
        tag(db, rows)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    used = countries[:max(1, min(len(countries), partners // 2))]
    db.close()
    return first, first + partners - 1, used, spare


def without_index(path):
    """A copy that finds a country's partners, but looks each of them up."""
    plain = path.replace("bench.db", "plain.db")
    shutil.copy(path, plain)
    db = sqlite3.connect(plain)
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND"
                      " tbl_name = 'res_partner' AND sql LIKE '%country_id%'")
    for name in [r[0] for r in rows]:
        db.execute(f'DROP INDEX "{name}"')
    db.execute("CREATE INDEX plain ON res_partner (country_id)")
    db.commit()
    db.close()
    return plain


def make(build, work, partners):
    conf = settings(work)
    os.makedirs(os.path.join(work, "data"), mode=0o700)
    cardfile(build, conf, "init", "bench", "--module", "base")
    key = cardfile(build, conf, "key", "add", "--database", "bench",
                   "--user", "admin", "--name", "bench")
    tags = os.path.join(work, "tags.csv")
    with open(tags, "w", encoding="utf-8") as f:
        f.write("name\n" + "".join(f"Tag {n}\n" for n in range(TAGS)))
    cardfile(build, conf, "import", "res.partner.category", tags)
    path = os.path.join(work, "data", "bench.db")
    first, last, countries, spare = fill(path, partners)
    os.makedirs(os.path.join(work, "plain"))
    plain = without_index(path)
    plain = shutil.move(plain, os.path.join(work, "plain", "plain.db"))
    return {"conf": conf, "key": key, "path": path, "plain": plain,
            "first": first, "last": last, "countries": countries,
            "spare": spare, "partners": partners,
            "size": os.path.getsize(path)}


def tidy(facts):
    """What was created in one part shall not slow down the next."""
    db, notes = opened(facts["path"])
    with db:
        db.execute("DELETE FROM res_partner WHERE id > ?", (facts["last"],))
        index_texts(db, notes)
        db.execute("DELETE FROM ir_change")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
