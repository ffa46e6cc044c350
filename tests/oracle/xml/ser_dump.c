/*
 * Writes what it reads as the serializer does, for ser_oracle.py.  Standard
 * input is documents one after the other: a letter for the form (j JSON, x
 * XML, b XML with bare siblings), then a value:
 *
 *	n		nothing
 *	t, f		true, false
 *	i12;		an integer
 *	r0.5;		a float
 *	m1250,2;	a decimal, digits and scale
 *	s3:abc		text of three bytes
 *	l...e		a list
 *	d...e		a dictionary: text, value, text, value
 *
 * Each becomes its length, a colon and the document.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/value.h"
#include "ser/ser.h"

struct input {
	struct arena	*a;
	const char	*p;
	const char	*end;
};

static void
bad_input(const char *what)
{
	fprintf(stderr, "ser_dump: bad input: %s\n", what);
	exit(2);
}

static void
expect(struct input *in, char c)
{
	if (in->p == in->end || *in->p++ != c)
		bad_input("a sign is missing");
}

static struct span
read_text(struct input *in)
{
	char		*after;
	struct span	 s;

	expect(in, 's');
	s.n = strtoul(in->p, &after, 10);
	in->p = after;
	expect(in, ':');
	if ((size_t)(in->end - in->p) < s.n)
		bad_input("text is cut off");
	s.p = arena_strndup(in->a, in->p, s.n);
	in->p += s.n;
	return s;
}

static struct value
read_number(struct input *in)
{
	char		*after;
	char		 kind = *in->p++;
	struct value	 v;

	if (kind == 'r')
		v = value_float(strtod(in->p, &after));
	else
		v = value_int(strtoll(in->p, &after, 10));
	if (kind == 'm')
		v = value_decimal(v.u.i,
		    (unsigned int)strtoul(after + 1, &after, 10));
	in->p = after;
	expect(in, ';');
	return v;
}

static struct value	 read_value(struct input *);

static struct value
read_list(struct input *in)
{
	struct value	 v = value_list(in->a, 0);

	for (in->p++; in->p < in->end && *in->p != 'e';)
		value_push(in->a, &v, read_value(in));
	expect(in, 'e');
	return v;
}

static struct value
read_dict(struct input *in)
{
	struct value	 v = value_dict(in->a);

	for (in->p++; in->p < in->end && *in->p != 'e';) {
		struct span	 key = read_text(in);
		struct value	*item = arena_alloc(in->a, sizeof *item);

		*item = read_value(in);
		map_put(v.u.dict, key, item);
	}
	expect(in, 'e');
	return v;
}

static struct value
read_value(struct input *in)
{
	switch (in->p < in->end ? *in->p : 0) {
	case 'n':
		in->p++;
		return value_null();
	case 't':
	case 'f':
		return value_bool(*in->p++ == 't');
	case 'i':
	case 'r':
	case 'm':
		return read_number(in);
	case 's':
		return value_span(read_text(in));
	case 'l':
		return read_list(in);
	case 'd':
		return read_dict(in);
	default:
		bad_input("no such kind of value");
		return value_null();
	}
}

static void
dump(struct input *in)
{
	char		 form = *in->p++;
	struct value	 v = read_value(in);
	struct buf	*b = buf_new(in->a);
	struct ser	*s = ser_new(in->a, form == 'j' ? SER_JSON : SER_XML,
			    form == 'b' ? SER_XML_BARE : 0, b);

	ser_put(s, NULL, NULL, &v);
	ser_finish(s);
	printf("%zu:", b->n);
	fwrite(b->p, 1, b->n, stdout);
}

int
main(void)
{
	struct arena	*all = arena_new(), *one = arena_new();
	struct buf	*b = buf_new(all);
	struct input	 in = { .a = one };
	char		 chunk[4096];
	size_t		 n;

	while ((n = fread(chunk, 1, sizeof chunk, stdin)) > 0)
		buf_add(b, chunk, n);
	in.p = b->p;
	in.end = b->p + b->n;
	while (in.p < in.end) {
		dump(&in);
		arena_reset(one);
	}
	arena_free(one);
	arena_free(all);
	return 0;
}
