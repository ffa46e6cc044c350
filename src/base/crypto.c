#include "base/crypto.h"

#include <stdlib.h>
#include <string.h>

#include <gcrypt.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"

#define SALT_SIZE	16
#define TAG_SIZE	32
#define TAG_MAX		64

/* What Argon2id is asked for; the members are in the order of libgcrypt. */
struct argon {
	unsigned long	 tag_size;
	unsigned long	 passes;
	unsigned long	 memory;	/* KiB */
	unsigned long	 lanes;
};

struct digest {
	gcry_md_hd_t	 md;
};

/* A password hash read back from its PHC string. */
struct phc {
	struct argon	 argon;
	struct span	 salt;
	struct span	 tag;
};

static const struct argon	 argon_default = { TAG_SIZE, 2, 19456, 1 };

void
crypto_init(void)
{
	/* Nothing here is secret for longer than a request. */
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return;
	gcry_control(GCRYCTL_SET_PREFERRED_RNG_TYPE, GCRY_RNG_TYPE_SYSTEM);
	if (gcry_check_version("1.10.0") == NULL)
		abort();
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0) != 0)
		abort();
}

void
crypto_sha256(struct span s, unsigned char out[SHA256_SIZE])
{
	gcry_md_hash_buffer(GCRY_MD_SHA256, out, s.p, s.n);
}

void
crypto_sha256_hex(struct span s, char out[SHA256_HEX])
{
	unsigned char	 hash[SHA256_SIZE];

	crypto_sha256(s, hash);
	hex_encode(hash, sizeof hash, out);
}

void
crypto_sha1_hex(struct span s, char out[SHA1_HEX])
{
	unsigned char	 hash[SHA1_HEX / 2];

	gcry_md_hash_buffer(GCRY_MD_SHA1, hash, s.p, s.n);
	hex_encode(hash, sizeof hash, out);
}

static void
digest_free(void *arg)
{
	struct digest	*d = arg;

	gcry_md_close(d->md);
}

struct digest *
digest_new(struct arena *a)
{
	struct digest	*d = arena_alloc(a, sizeof *d);

	if (gcry_md_open(&d->md, GCRY_MD_SHA256, 0) != 0)
		abort();
	arena_defer(a, digest_free, d);
	return d;
}

void
digest_add(struct digest *d, struct span s)
{
	gcry_md_write(d->md, s.p, s.n);
}

void
digest_hex(struct digest *d, char out[SHA256_HEX])
{
	hex_encode(gcry_md_read(d->md, GCRY_MD_SHA256), SHA256_SIZE, out);
	gcry_md_reset(d->md);
}

void
crypto_random(void *out, size_t n)
{
	gcry_randomize(out, n, GCRY_STRONG_RANDOM);
}

void
crypto_token(char *out, size_t n)
{
	static const char	 letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const size_t		 count = sizeof letters - 1;
	unsigned char		 drawn[64];
	size_t			 done = 0;

	while (done < n) {
		crypto_random(drawn, sizeof drawn);
		for (size_t i = 0; i < sizeof drawn && done < n; i++)
			if (drawn[i] < 256 / count * count)
				out[done++] = letters[drawn[i] % count];
	}
	out[n] = '\0';
}

void
crypto_uuid(char out[37])
{
	static const size_t	 sizes[] = { 4, 2, 2, 2, 6 };
	unsigned char		 bytes[16], *p = bytes;

	crypto_random(bytes, sizeof bytes);
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		if (i != 0)
			*out++ = '-';
		hex_encode(p, sizes[i], out);
		out += 2 * sizes[i];
		p += sizes[i];
	}
}

bool
crypto_equal(struct span a, struct span b)
{
	volatile unsigned char	 differ = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		differ = (unsigned char)(differ | (a.p[i] ^ b.p[i]));
	return differ == 0;
}

static bool
argon_hash(const struct argon *argon, struct span password, struct span salt,
    unsigned char *tag)
{
	unsigned long	 params[] = { argon->tag_size, argon->passes,
			     argon->memory, argon->lanes };
	gcry_kdf_hd_t	 kdf;
	gcry_error_t	 bad;

	if (gcry_kdf_open(&kdf, GCRY_KDF_ARGON2, GCRY_KDF_ARGON2ID, params, 4,
	    password.p, password.n, salt.p, salt.n, NULL, 0, NULL, 0) != 0)
		return false;
	if ((bad = gcry_kdf_compute(kdf, NULL)) == 0)
		bad = gcry_kdf_final(kdf, argon->tag_size, tag);
	gcry_kdf_close(kdf);
	return bad == 0;
}

/* Base64 as PHC strings have it: without padding. */
static char *
phc_encode(struct arena *a, const unsigned char *p, size_t n)
{
	struct buf	*b = buf_new(a);

	base64_encode(b, (struct span){ (const char *)p, n });
	return arena_strndup(a, b->p, strcspn(b->p, "="));
}

bool
password_hash(struct arena *a, struct span password, char **phc,
    struct err *err)
{
	const struct argon	*argon = &argon_default;
	unsigned char		 salt[SALT_SIZE], tag[TAG_SIZE];

	crypto_random(salt, sizeof salt);
	if (password.n == 0)
		return err_set(err, ERR_VALIDATION,
		    "the password must not be empty");
	if (!argon_hash(argon, password,
	    (struct span){ (const char *)salt, sizeof salt }, tag))
		return err_set(err, ERR_INTERNAL,
		    "the password could not be hashed");
	*phc = arena_printf(a, "$argon2id$v=19$m=%lu,t=%lu,p=%lu$%s$%s",
	    argon->memory, argon->passes, argon->lanes,
	    phc_encode(a, salt, sizeof salt), phc_encode(a, tag, sizeof tag));
	return true;
}

/* Reads "name=number," and goes on behind it; the bounds are inclusive. */
static bool
phc_number(const char **p, const char *name, char after, unsigned long max,
    unsigned long *out)
{
	size_t	 n = strlen(name);
	char	*end;

	if (strncmp(*p, name, n) != 0 || (*p)[n] < '1' || (*p)[n] > '9')
		return false;
	*out = strtoul(*p + n, &end, 10);
	if (*end != after || *out > max)
		return false;
	*p = end + 1;
	return true;
}

static bool
phc_bytes(struct arena *a, const char *p, size_t n, struct span *out)
{
	const char	*pad = n % 4 == 2 ? "==" : n % 4 == 3 ? "=" : "";

	return base64_decode(a,
	    span_of(arena_printf(a, "%.*s%s", (int)n, p, pad)), out);
}

/* The bounds keep a row of the database from asking for all the memory. */
static bool
phc_parse(struct arena *a, const char *p, struct phc *phc)
{
	static const char	 head[] = "$argon2id$v=19$";
	size_t			 n;

	if (p == NULL || strlen(p) > 512 ||
	    strncmp(p, head, sizeof head - 1) != 0)
		return false;
	p += sizeof head - 1;
	if (!phc_number(&p, "m=", ',', 262144, &phc->argon.memory) ||
	    !phc_number(&p, "t=", ',', 16, &phc->argon.passes) ||
	    !phc_number(&p, "p=", '$', 4, &phc->argon.lanes))
		return false;
	n = strcspn(p, "$");
	if (p[n] != '$' || !phc_bytes(a, p, n, &phc->salt) ||
	    !phc_bytes(a, p + n + 1, strlen(p + n + 1), &phc->tag))
		return false;
	phc->argon.tag_size = phc->tag.n;
	return phc->salt.n >= 8 && phc->tag.n >= 16 && phc->tag.n <= TAG_MAX &&
	    phc->argon.memory >= 8 * phc->argon.lanes;
}

bool
password_verify(struct span password, const char *phc)
{
	struct arena	*a = arena_new();
	struct phc	 known = {
		argon_default, { "no password", 11 }, { "", 0 }
	};
	struct phc	 read;
	unsigned char	 tag[TAG_MAX];
	bool		 ok;

	/* libgcrypt refuses to hash nothing, so nothing never matches. */
	if (password.n == 0)
		password = span_of("-");
	else if (phc_parse(a, phc, &read))
		known = read;
	ok = argon_hash(&known.argon, password, known.salt, tag) &&
	    crypto_equal(known.tag,
	    (struct span){ (const char *)tag, known.argon.tag_size });
	arena_free(a);
	return ok;
}
