"""What tests/e2e/migrate.sh needs besides the shell.

make SQL DATABASE         a database of a dump
run DATABASE STATEMENT... changes it
dump DATABASE             all that is in it, as text
compare DATABASE FRESH    a line for each way in which the models, tables and
                          rights of a database are not those of a fresh one
"""
import sqlite3
import sys

# Columns that say who made a row, and when.
OWN = {'id', 'uuid', 'create_uid', 'create_date', 'write_uid', 'write_date'}


def connect(path):
    return sqlite3.connect(path, isolation_level=None)


def make(sql, path):
    db = connect(path)
    with open(sql, encoding='utf-8') as f:
        db.executescript(f.read())


def run(path, *statements):
    db = connect(path)
    for statement in statements:
        db.execute(statement)


def tables(db):
    return sorted(name for name, in db.execute(
        "select name from sqlite_schema where type = 'table' and "
        "name not like 'sqlite_%'"))


def dump(path):
    db = connect(path)
    print(db.execute('pragma user_version').fetchone())
    for name, sql in db.execute('select name, sql from sqlite_schema '
                                'order by name'):
        print(name, sql)
    for table in tables(db):
        try:
            rows = db.execute('select * from "%s"' % table).fetchall()
        except sqlite3.OperationalError:
            continue        # a virtual table of a kind that is not here
        for row in sorted(rows, key=repr):
            print(table, row)


def columns(db, table):
    return sorted((row[1], row[2]) for row in
                  db.execute('pragma table_info("%s")' % table))


def rows(db, sql):
    cursor = db.execute(sql)
    names = [d[0] for d in cursor.description]
    return [{n: v for n, v in zip(names, row) if n not in OWN}
            for row in cursor]


def keyed(db, sql, *keys):
    return {tuple(row[k] for k in keys): row for row in rows(db, sql)}


def named(db, table, model):
    """Records by their external ids, references by theirs."""
    found = {}
    for row in rows(db, 'select d.module || "." || d.name as xmlid, t.* '
                    'from ir_model_data d join %s t on t.id = d.res_id '
                    "where d.model = '%s'" % (table, model)):
        for column in ('model_id', 'group_id'):
            if row.get(column) is not None:
                other = 'ir.model' if column == 'model_id' else 'res.groups'
                row[column] = db.execute(
                    'select name from ir_model_data where model = ? and '
                    'res_id = ?', (other, row[column])).fetchone()
        found[row.pop('xmlid')] = row
    return found


def differ(what, old, new):
    for key in sorted(set(old) | set(new)):
        if key not in old:
            print('%s %s is missing' % (what, key))
        elif key not in new and what != 'index':    # one more is no harm
            print('%s %s should not be' % (what, key))
        elif key in new and old[key] != new[key]:
            print('%s %s is %s, not %s' % (what, key, old[key], new[key]))


def everything(db):
    schema = {}
    for table in tables(db):
        for name, kind in columns(db, table):
            schema[table, name] = kind
    models = keyed(db, 'select * from ir_model', 'model')
    fields = keyed(db, 'select * from ir_model_fields', 'model', 'name')
    for row in fields.values():
        row.pop('model_id')
    indexes = {name: (table, sql) for name, table, sql in db.execute(
        "select name, tbl_name, sql from sqlite_schema where type in "
        "('index', 'trigger')")}
    xmlids = {(m, n): model for m, n, model in db.execute(
        "select module, name, model from ir_model_data where module = 'base'"
        " and model in ('ir.model', 'ir.model.access', 'ir.rule', "
        "'res.groups', 'ir.module.category', 'res.partner.title')")}
    implied = set(db.execute(
        'select g.name, h.name from res_groups_implied_rel r join res_groups '
        'g on g.id = r.gid join res_groups h on h.id = r.hid'))
    return {
        'column': schema, 'model': models, 'field': fields, 'index': indexes,
        'external id': xmlids,
        'access line': named(db, 'ir_model_access', 'ir.model.access'),
        'rule': named(db, 'ir_rule', 'ir.rule'),
        'implied group': dict.fromkeys(implied),
        'version': dict(enumerate(db.execute(
            'select version from cardfile_identity'))),
        'module': keyed(db, "select * from ir_module_module where name = "
                        "'base'", 'name'),
    }


def compare(path, fresh):
    old, new = everything(connect(path)), everything(connect(fresh))
    for what in new:
        differ(what, old[what], new[what])


if __name__ == '__main__':
    {'make': make, 'run': run, 'dump': dump,
     'compare': compare}[sys.argv[1]](*sys.argv[2:])
