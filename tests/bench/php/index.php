<?php
/*
 * What the benchmark asks, in PHP: one connection a process, prepared
 * statements, one query a list, errors as exceptions.
 */
declare(strict_types=1);

const TEXTS = ['name', 'parent_name', 'ref', 'lang', 'tz', 'vat', 'website',
    'comment', 'barcode', 'function', 'type', 'street', 'street2', 'zip',
    'city', 'email', 'phone', 'fax', 'mobile', 'company_type', 'company_name',
    'image', 'display_name'];
const FLAGS = ['active', 'customer', 'supplier', 'employee', 'is_company'];
const TIMES = ['create_date', 'write_date', '__last_update'];
const LINKS = ['title', 'parent_id', 'user_id', 'state_id', 'country_id',
    'company_id', 'commercial_parent_id', 'commercial_partner_id',
    'create_uid', 'write_uid'];
const LISTS = ['child_ids', 'bank_ids', 'category_id', 'user_ids'];

const RECORD = <<<'SQL'
    SELECT p.id, p.name, p.date, p.title, p.parent_id,
        parent.name AS parent_name,
        CASE WHEN EXISTS (SELECT 1 FROM res_partner c WHERE c.parent_id = p.id)
            THEN (SELECT group_concat(id) FROM (SELECT c.id
            FROM res_partner c WHERE c.parent_id = p.id AND c.active
            ORDER BY c.display_name, c.id)) END AS child_ids, p.ref, p.lang, p.tz, p.user_id, p.vat,
        CASE WHEN EXISTS (SELECT 1 FROM res_partner_bank b
            WHERE b.partner_id = p.id) THEN (SELECT group_concat(id) FROM
            (SELECT b.id FROM res_partner_bank b WHERE b.partner_id = p.id
            ORDER BY b.sequence, b.id)) END AS bank_ids,
        p.website, p.comment,
        CASE WHEN EXISTS (SELECT 1 FROM res_partner_res_partner_category_rel r
            WHERE r.partner_id = p.id) THEN (SELECT group_concat(id) FROM
            (SELECT g.id FROM res_partner_res_partner_category_rel r
            JOIN res_partner_category g ON g.id = r.category_id
            WHERE r.partner_id = p.id AND g.active
            ORDER BY g.display_name, g.id)) END AS category_id,
        p.credit_limit, p.barcode, p.active, p.customer,
        p.supplier, p.employee, p.function, p.type, p.street, p.street2, p.zip,
        p.city, p.state_id, p.country_id, p.email, p.phone, p.fax, p.mobile,
        p.is_company, iif(p.is_company, 'company', 'person') AS company_type,
        p.color, p.company_id, p.commercial_parent_id,
        entity.id AS commercial_partner_id,
        CASE WHEN EXISTS (SELECT 1 FROM res_users u WHERE u.partner_id = p.id)
            THEN (SELECT group_concat(id) FROM (SELECT u.id FROM res_users u
            WHERE u.partner_id = p.id AND u.active
            ORDER BY u.name, u.login, u.id)) END AS user_ids,
        p.company_name, p.image, p.display_name,
        p.create_uid, p.create_date, p.write_uid, p.write_date,
        p.write_date AS __last_update,
        title.name AS title_name, parent.display_name AS parent_id_name,
        seller.name AS user_id_name,
        state.name || ' (' || land.code || ')' AS state_id_name,
        country.name AS country_id_name, company.name AS company_id_name,
        above.display_name AS commercial_parent_id_name,
        entity.display_name AS commercial_partner_id_name,
        maker.name AS create_uid_name, changer.name AS write_uid_name
    FROM res_partner p
    LEFT JOIN res_partner_title title ON title.id = p.title
    LEFT JOIN res_partner parent ON parent.id = p.parent_id
    LEFT JOIN res_users seller ON seller.id = p.user_id
    LEFT JOIN res_country_state state ON state.id = p.state_id
    LEFT JOIN res_country land ON land.id = state.country_id
    LEFT JOIN res_country country ON country.id = p.country_id
    LEFT JOIN res_company company ON company.id = p.company_id
    LEFT JOIN res_partner above ON above.id = p.commercial_parent_id
    LEFT JOIN res_partner entity
        ON entity.id = coalesce(p.commercial_parent_id, p.id)
    LEFT JOIN res_users maker ON maker.id = p.create_uid
    LEFT JOIN res_users changer ON changer.id = p.write_uid

    SQL;
const DOMAIN = ' WHERE p.country_id = ? AND p.is_company = ? AND p.active = 1';

function database(): PDO
{
    $db = new PDO('sqlite:' . $_SERVER['BENCH_DATABASE'], null, null, [
        PDO::ATTR_PERSISTENT => true,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
    ]);
    $db->exec('PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL;'
        . 'PRAGMA mmap_size=1073741824; PRAGMA foreign_keys=ON');
    return $db;
}

function ask(PDO $db, string $sql, array $values): PDOStatement
{
    $statement = $db->prepare($sql);
    $statement->execute($values);
    return $statement;
}

function moment(int $time): string
{
    return gmdate('Y-m-d H:i:s', $time);
}

function record(array $row): array
{
    foreach (TEXTS as $key)
        $row[$key] ??= false;
    foreach (FLAGS as $key)
        $row[$key] = (bool)$row[$key];
    foreach (LISTS as $key)
        $row[$key] = $row[$key] === null ? []
            : array_map('intval', explode(',', $row[$key]));
    foreach (TIMES as $key)
        $row[$key] = $row[$key] === null ? false : moment($row[$key]);
    foreach (LINKS as $key) {
        $name = $row[$key . '_name'];
        unset($row[$key . '_name']);
        $row[$key] = $row[$key] === null ? false : [$row[$key], $name];
    }
    $row['date'] = $row['date'] === null ? false
        : gmdate('Y-m-d', $row['date'] * 86400);
    $row['credit_limit'] ??= 0.0;
    $row['color'] ??= 0;
    return $row;
}

function user(PDO $db): int
{
    if (!preg_match('/^Bearer (\w+)$/', $_SERVER['HTTP_AUTHORIZATION'] ?? '',
        $match))
        return 0;
    return (int)ask($db, 'SELECT k.user_id FROM res_users_apikeys k
        JOIN res_users u ON u.id = k.user_id WHERE k.key = ?
        AND k.revoked IS NOT 1 AND u.active
        AND (k.expires IS NULL OR k.expires > ?)',
        [hash('sha256', $match[1]), time()])->fetchColumn();
}

/* The triggers of the text indexes call this; names are ASCII here. */
function index_texts(PDO $db): void
{
    $db->sqliteCreateFunction('text_note', function (string $index, int $row,
        ?string $old, ?string $new) use ($db): void {
        if ($old !== null)
            throw new LogicException('no name is changed');
        ask($db, "INSERT INTO \"$index\" (rowid, text) VALUES (?, ?)",
            [$row, strtolower($new)]);
    }, 4);
}

function uuid(): string
{
    $bytes = random_bytes(16);
    $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
    $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
    return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
}

function domain(): array
{
    $domain = $_GET['domain'] ?? '';
    preg_match("/'country_id','=',(\\d+)/", $domain, $country);
    preg_match("/'is_company','=',(\\w+)/", $domain, $company);
    return [(int)$country[1], (int)($company[1] === 'True')];
}

function one(PDO $db, int $id): array
{
    $row = ask($db, RECORD . 'WHERE p.id = ?', [$id])->fetch();
    if ($row === false)
        throw new OutOfBoundsException('Record not found');
    return ['res.partner' => record($row)];
}

function several(PDO $db, string $where, array $values): array
{
    return ['res.partner' => array_map('record',
        ask($db, RECORD . $where, $values)->fetchAll())];
}

function set(PDO $db): array
{
    $ids = array_map('intval', explode(',', $_GET['ids']));
    $places = implode(',', array_fill(0, count($ids), '?'));
    return several($db, "WHERE p.id IN ($places)", $ids);
}

function changed(PDO $db, string $operation, int $user, int $id): void
{
    ask($db, "INSERT INTO ir_change (model, operation, time, user_id, res_id,
        res_uuid) SELECT 'res.partner', ?, ?, ?, id, uuid FROM res_partner
        WHERE id = ?", [$operation, time(), $user, $id]);
}

function update(PDO $db, int $user, int $id): array
{
    $vals = json_decode(strtr($_GET['vals'], "'", '"'), true);
    ask($db, 'UPDATE res_partner SET phone = ?, write_uid = ?, write_date = ?
        WHERE id = ?', [$vals['phone'], $user, time(), $id]);
    changed($db, 'write', $user, $id);
    return one($db, $id);
}

function create(PDO $db, int $user): array
{
    $vals = json_decode(strtr($_GET['vals'], "'", '"'), true);
    $now = time();
    index_texts($db);
    ask($db, 'INSERT INTO res_partner (name, display_name, country_id,
        is_company, uuid, create_uid, create_date, write_uid, write_date,
        active, customer, supplier, employee, type, color)
        VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, 1, 1, 0, 0, ?, 0)',
        [$vals['name'], $vals['name'], $vals['country_id'], uuid(), $user,
        $now, $user, $now, 'contact']);
    $id = (int)$db->lastInsertId();
    changed($db, 'create', $user, $id);
    return one($db, $id);
}

function answer(PDO $db, int $user): array
{
    $path = strtok($_SERVER['REQUEST_URI'], '?');
    $rest = substr($path, strlen('/restapi/1.0/object/res.partner'));
    switch ($_SERVER['REQUEST_METHOD']) {
    case 'PUT':
        return update($db, $user, (int)substr($rest, 1));
    case 'POST':
        return create($db, $user);
    }
    if ($rest === '/search_count')
        return ['count' => ask($db, 'SELECT count(*) FROM res_partner p'
            . DOMAIN, domain())->fetchColumn()];
    if ($rest === '/search')
        return ['res.partner' => ask($db, 'SELECT p.id FROM res_partner p'
            . DOMAIN . ' ORDER BY p.name LIMIT 80', domain())
            ->fetchAll(PDO::FETCH_COLUMN)];
    if ($rest !== '')
        return one($db, (int)substr($rest, 1));
    if (isset($_GET['ids']))
        return set($db);
    return several($db, DOMAIN . ' ORDER BY p.name LIMIT 80', domain());
}

$db = database();
$db->exec($_SERVER['REQUEST_METHOD'] === 'GET' ? 'BEGIN' : 'BEGIN IMMEDIATE');
try {
    $user = user($db);
    if ($user === 0) {
        http_response_code(401);
        $body = ['code' => 401, 'message' => 'Authentication required'];
    } else
        $body = answer($db, $user);
    $db->exec('COMMIT');
} catch (Throwable $error) {
    $db->exec('ROLLBACK');
    http_response_code($error instanceof OutOfBoundsException ? 404 : 500);
    $body = ['code' => http_response_code(),
        'message' => $error->getMessage()];
}
$text = json_encode($body, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES
    | JSON_PRESERVE_ZERO_FRACTION);
header('Content-Type: application/json; charset=utf-8');
header('Content-Length: ' . strlen($text));
echo $text;
