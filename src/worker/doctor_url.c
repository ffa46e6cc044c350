/* The server at a URL, asked by curl as a client would. */

#include <sys/wait.h>

#include <spawn.h>
#include <stdio.h>
#include <string.h>

#include "auth/token.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/date.h"
#include "worker/doctor.h"

#define KEY_LIFE	60	/* seconds that the key of the test is good */
#define CONFIG_FD	3	/* where curl reads what others must not see */

extern char	**environ;

/* One question to the server. */
struct probe {
	struct doctor	*doctor;
	const char	*url;		/* without a slash at the end */
	const char	*key;		/* an API key */
	const char	*said;		/* what curl itself complained of */
};

/* An unnamed file with the text in it, to be read from its beginning. */
static FILE *
probe_file(const char *text, size_t padding)
{
	FILE	*f = tmpfile();

	if (f == NULL)
		return NULL;
	fputs(text, f);
	for (size_t i = 0; i < padding; i++)
		putc(' ', f);
	fflush(f);
	rewind(f);
	return f;
}

/* config was opened first, so no other file is CONFIG_FD. */
static bool
probe_spawn(FILE *config, FILE *body, FILE *out, FILE *errors)
{
	const char	*argv[] = { "curl", "-q", "-sS", "-g",
	    "--max-time", "30", "-o", "/dev/null", "-w",
	    "%{http_code} %{content_type}", "-K", "/dev/fd/3", NULL };
	posix_spawn_file_actions_t	 actions;
	int				 status;
	pid_t				 pid;
	bool				 ok;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fileno(body), 0);
	posix_spawn_file_actions_adddup2(&actions, fileno(out), 1);
	posix_spawn_file_actions_adddup2(&actions, fileno(errors), 2);
	posix_spawn_file_actions_adddup2(&actions, fileno(config), CONFIG_FD);
	ok = posix_spawnp(&pid, "curl", &actions, NULL,
	    (char *const *)(void *)argv, environ) == 0 &&
	    waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) != 127;
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

static const char *
probe_read(struct probe *p, FILE *f)
{
	char	 text[512];
	size_t	 n;

	rewind(f);
	n = fread(text, 1, sizeof text - 1, f);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return arena_strndup(p->doctor->admin->arena, text, n);
}

/* "200 application/json"; "" if curl could not be run. */
static const char *
probe_ask(struct probe *p, const char *config, const char *body,
    size_t padding)
{
	FILE		*files[4] = {
		probe_file(config, 0), probe_file(body, padding),
		probe_file("", 0), probe_file("", 0),
	};
	const char	*answer = "";
	bool		 ok = true;

	for (int i = 0; i < 4; i++)
		ok = ok && files[i] != NULL && fileno(files[i]) >= CONFIG_FD;
	if (ok && probe_spawn(files[0], files[1], files[2], files[3])) {
		answer = probe_read(p, files[2]);
		p->said = probe_read(p, files[3]);
	}
	for (int i = 0; i < 4; i++)
		if (files[i] != NULL)
			fclose(files[i]);
	return answer;
}

/* Whether Cardfile itself answered, with that status. */
static bool
probe_is(const char *answer, const char *status)
{
	return strncmp(answer, status, strlen(status)) == 0 &&
	    strstr(answer, "application/json") != NULL;
}

/* search_count of users with the key in the header; a body makes it a POST. */
static const char *
probe_count(struct probe *p, const char *header, size_t body)
{
	static const char	 domain[] = "{\"domain\": []}";
	const char		*config;

	config = arena_printf(p->doctor->admin->arena,
	    "url = \"%s/restapi/1.0/object/res.users/search_count%s\"\n"
	    "header = \"%s: Bearer %s\"\n%s", p->url,
	    body == 0 ? "?domain=[]" : "", header, p->key,
	    body == 0 ? "" : "header = \"Content-Type: application/json\"\n"
	    "data-binary = \"@-\"\n");
	return probe_ask(p, config, body == 0 ? "" : domain,
	    body == 0 ? 0 : body - sizeof domain + 1);
}

/* Whether there is anything of ours at the URL. */
static bool
probe_version(struct probe *p)
{
	const char	*answer;

	answer = probe_ask(p, arena_printf(p->doctor->admin->arena,
	    "url = \"%s/restapi/1.0/common/version\"\n", p->url), "", 0);
	if (answer[0] == '\0') {
		doctor_problem(p->doctor, "apt install curl",
		    "curl is missing, so the server cannot be asked");
		return false;
	}
	if (probe_is(answer, "200")) {
		doctor_well(p->doctor, "%s answers", p->url);
		return true;
	}
	if (strncmp(answer, "000", 3) == 0)
		doctor_problem(p->doctor, "cardfile serve (or start the web "
		    "server)", "%s does not answer: %s", p->url, p->said);
	else
		doctor_problem(p->doctor, "mount = the path of the URL, in "
		    "cardfile.conf; docs/deploying.md has the web server's "
		    "lines", "%s does not lead to Cardfile: it answered %s",
		    p->url, answer);
	return false;
}

static bool
probe_authorization(struct probe *p)
{
	if (probe_is(probe_count(p, "Authorization", 0), "200")) {
		doctor_well(p->doctor, "the header Authorization arrives");
		return true;
	}
	if (probe_is(probe_count(p, "X-Authorization", 0), "200"))
		doctor_problem(p->doctor, "CGIPassAuth On (Apache, in "
		    "<Location> or .htaccess)", "the web server drops the "
		    "header Authorization");
	else
		doctor_problem(p->doctor, arena_printf(
		    p->doctor->admin->arena, "CARDFILE_DATA_DIR=%s in the "
		    "server's environment, or data_dir in its cardfile.conf",
		    p->doctor->admin->app.conf.data_dir), "a key made here is "
		    "not known there: the server uses other databases");
	return false;
}

static void
probe_https(struct probe *p)
{
	const char	*base = p->doctor->admin->app.conf.base_url;
	bool		 local = strstr(p->url, "//127.") != NULL ||
			    strstr(p->url, "//localhost") != NULL ||
			    strstr(p->url, "//[::1]") != NULL;

	if (strncmp(p->url, "https://", 8) == 0)
		doctor_well(p->doctor, "the connection is encrypted");
	else if (!local)
		doctor_problem(p->doctor, "certbot (or another certificate "
		    "for the web server), then use https://",
		    "%s is not encrypted: keys and passwords can be read on "
		    "the way", p->url);
	if (!local && strncmp(base, p->url, strlen(p->url)) != 0)
		doctor_problem(p->doctor, arena_printf(
		    p->doctor->admin->arena, "base_url = %s", p->url),
		    "base_url is \"%s\": signatures and links will not fit "
		    "%s", base, p->url);
}

/* The first size of a body that does not come through. */
static void
probe_bodies(struct probe *p)
{
	size_t	 most = (size_t)p->doctor->admin->app.conf.max_body;
	size_t	 sizes[] = { 64 << 10, 256 << 10, 2 << 20, most };

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		const char	*answer;

		if (sizes[i] > most)
			continue;
		answer = probe_count(p, "Authorization", sizes[i]);
		if (probe_is(answer, "200"))
			continue;
		doctor_problem(p->doctor, arena_printf(
		    p->doctor->admin->arena, "FcgidMaxRequestLen %zu (Apache "
		    "mod_fcgid), client_max_body_size %zu; (nginx), "
		    "server.max-request-size = %zu (lighttpd)", most, most,
		    most / 1024 + 1), "a body of %zu bytes does not come "
		    "through (answer %s), max_body is %zu", sizes[i], answer,
		    most);
		return;
	}
	doctor_well(p->doctor, "bodies of %zu bytes come through", most);
}

/* A key of the superuser that is good for a minute at most. */
static bool
probe_key(struct probe *p, char key[TOKEN_SIZE], int64_t *id)
{
	struct admin	*a = p->doctor->admin;

	if (!admin_begin(a, NULL, ENV_WRITE) ||
	    !admin_end(a, token_make(&a->env, SUPERUSER, "doctor",
	    clock_now() + KEY_LIFE, key, id))) {
		doctor_problem(p->doctor, "--database NAME", "no key can be "
		    "made for the test: %s", a->err.msg);
		err_clear(&a->err);
		return false;
	}
	p->key = key;
	return true;
}

void
doctor_url(struct doctor *d, const char *url)
{
	struct admin	*a = d->admin;
	struct probe	 p = { .doctor = d };
	char		 key[TOKEN_SIZE];
	size_t		 n = strlen(url);
	int64_t		 id;

	while (n > 0 && url[n - 1] == '/')
		n--;
	p.url = arena_strndup(a->arena, url, n);
	if ((strncmp(url, "http://", 7) != 0 &&
	    strncmp(url, "https://", 8) != 0) ||
	    strpbrk(url, "\"\\\r\n ") != NULL) {
		doctor_problem(d, "cardfile doctor https://example.org",
		    "\"%s\" is not the URL of a server", url);
		return;
	}
	if (!probe_version(&p))
		return;
	probe_https(&p);
	if (!probe_key(&p, key, &id))
		return;
	if (probe_authorization(&p))
		probe_bodies(&p);
	if (!admin_begin(a, NULL, ENV_WRITE) ||
	    !admin_end(a, token_revoke(&a->env, id)))
		err_clear(&a->err);
}
