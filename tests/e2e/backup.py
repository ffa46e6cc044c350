"""What tests/e2e/backup.sh needs besides the shell.

records DATABASE          its tables as text, but for its identity
archives FILE DIR         a list of bad archives made of a good one, as
                          "file TAB what the refusal says"
"""
import gzip
import hashlib
import io
import os
import sqlite3
import subprocess
import sys
import tarfile

import migrate


def records(path):
    db = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
    for table in migrate.tables(db):
        if table == 'cardfile_identity':
            continue
        try:
            found = db.execute('select * from "%s"' % table).fetchall()
        except sqlite3.OperationalError:
            continue        # it wants functions of our own
        for row in sorted(found, key=repr):
            print(table, row)


class Archive:
    """The members of an archive, in order, that may be changed."""

    def __init__(self, members, manifest):
        self.members = list(members)
        self.manifest = manifest
        self.extra = []

    def set(self, name, data):
        self.members = [(n, data if n == name else d)
                        for n, d in self.members]

    def sums(self):
        lines = self.manifest.splitlines(True)
        head = [line for line in lines if len(line.split(' ')[0]) != 64]
        return ''.join(head) + ''.join(
            '%s %d %s\n' % (hashlib.sha256(d).hexdigest(), len(d), n)
            for n, d in self.members)

    def write(self, path, mode='w'):
        with tarfile.open(path, mode, format=tarfile.PAX_FORMAT) as tar:
            for name, data in self.members:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            for info in self.extra:
                tar.addfile(info)
            if self.manifest is not None:
                data = self.manifest.encode()
                info = tarfile.TarInfo('MANIFEST')
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))


def link(name, kind, target='/etc/passwd'):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


def edit_database(data, work, *statements):
    path = os.path.join(work, 'edited.db')
    with open(path, 'wb') as f:
        f.write(data)
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.execute('pragma journal_mode = delete')
    db.close()
    with open(path, 'rb') as f:
        data = f.read()
    os.remove(path)
    return data


def archives(source, out):
    os.mkdir(out)
    tar = subprocess.run(['zstd', '-dqc', source], check=True,
                         stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(tar)) as t:
        parts = [(m.name, t.extractfile(m).read()) for m in t]
    manifest = dict(parts)['MANIFEST'].decode()
    members = [p for p in parts if p[0] != 'MANIFEST']
    database = dict(members)['database.db']
    listed = []

    def bad(name, why, change, sums=False):
        archive = Archive(members, manifest)
        change(archive)
        if sums:
            archive.manifest = archive.sums()
        archive.write(os.path.join(out, name))
        listed.append((name, why))

    def raw(name, why, data):
        with open(os.path.join(out, name), 'wb') as f:
            f.write(data)
        listed.append((name, why))

    def add(name, data=b'x'):
        return lambda a: a.members.append((name, data))

    no_backup = 'which no backup does'
    damaged = 'is not what its manifest says'
    for i, name in enumerate(['../evil', '/tmp/evil', 'files/../../evil',
                              'files/abc', 'evil', 'files', './database.db',
                              'files/' + 'A' * 64, 'files/' + 'a' * 65]):
        bad('path%d' % i, no_backup, add(name), sums=True)
    bad('key-too-large', no_backup, add('key', b'k' * 70000), sums=True)
    bad('twice', no_backup, add('database.db', database))
    bad('symbolic-link', 'no plain file', lambda a: a.extra.append(
        link('files/' + 'a' * 64, tarfile.SYMTYPE)))
    bad('hard-link', 'no plain file', lambda a: a.extra.append(
        link('files/' + 'a' * 64, tarfile.LNKTYPE, 'database.db')))
    bad('directory', 'no plain file', lambda a: a.extra.append(
        link('files', tarfile.DIRTYPE)))
    bad('device', 'no plain file', lambda a: a.extra.append(
        link('key', tarfile.CHRTYPE)))
    bad('pipe', 'no plain file', lambda a: a.extra.append(
        link('key', tarfile.FIFOTYPE)))
    bad('not-named', damaged, add('files/' + 'a' * 64))
    bad('wrong-name', damaged, add('files/' + 'a' * 64), sums=True)
    bad('changed', damaged, lambda a: a.set(
        'database.db', database[:-1] + bytes([database[-1] ^ 1])))
    bad('shorter', damaged, lambda a: a.set('database.db', database[:-1]))

    def missing(a):
        a.members = []
    bad('no-database', damaged, missing)
    bad('no-database-named', damaged, missing, sums=True)

    def unsaid(a):
        a.manifest = None
    bad('no-manifest', 'it has no manifest', unsaid)

    def said(old, new):
        def change(a):
            assert old in a.manifest
            a.manifest = a.manifest.replace(old, new, 1)
        return change
    bad('other-format', 'none of this program', said('backup 1', 'backup 2'))
    bad('key-word', 'none of this program', said('key none', 'key maybe'))
    bad('key-missing', damaged, said('key none', 'key included'))
    bad('manifest-line', damaged, lambda a: setattr(
        a, 'manifest', a.manifest + 'one two\n'))
    bad('manifest-long', damaged, lambda a: setattr(
        a, 'manifest', a.manifest + 'x' * 2000 + '\n'))
    bad('manifest-twice', damaged, lambda a: setattr(
        a, 'manifest', a.manifest + a.manifest.splitlines(True)[-1]))

    def database_of(*statements):
        data = edit_database(database, out, *statements)
        return lambda a: a.set('database.db', data)
    bad('no-sqlite', 'cannot be opened', lambda a: a.set(
        'database.db', b'nothing' * 1000), sums=True)
    bad('not-ours', 'The database could not', database_of(
        'drop table cardfile_identity'), sums=True)
    bad('no-identity', 'is not a database', database_of(
        'delete from cardfile_identity'), sums=True)
    bad('newer', 'a newer program is needed', database_of(
        'update cardfile_identity set version = 99'), sums=True)
    bad('unfinished', 'never finished', database_of(
        'pragma user_version = 0'), sums=True)
    bad('broken-reference', 'is damaged', database_of(
        'pragma foreign_keys = off',
        'update res_partner set country_id = 99999 where id = 1'), sums=True)
    raw('nothing', 'damaged', b'')
    raw('text', 'damaged', b'hello world\n' * 1000)
    with open(source, 'rb') as f:
        whole = f.read()
    raw('cut-off', 'damaged', whole[:len(whole) // 2])
    raw('cut-off-late', 'damaged', whole[:-20])
    raw('flipped', 'damaged', whole[:30000] +
        bytes([whole[30000] ^ 0x55]) + whole[30001:])
    raw('bomb', 'damaged', gzip.compress(b'\0' * 50000000))
    Archive(members, manifest).write(os.path.join(out, 'good'), 'w:gz')
    with open(os.path.join(out, 'list'), 'w') as f:
        for row in listed:
            f.write('%s\t%s\n' % row)


if __name__ == '__main__':
    {'records': records, 'archives': archives}[sys.argv[1]](*sys.argv[2:])
