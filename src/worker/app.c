#include "worker/app.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "models/models.h"
#include "orm/database.h"

#ifndef CARDFILE_CONF_PATH
#define CARDFILE_CONF_PATH	"/etc/cardfile/cardfile.conf"
#endif
#ifndef CARDFILE_DATA_DIR
#define CARDFILE_DATA_DIR	"/var/lib/cardfile"
#endif
#ifndef CARDFILE_SCHEMA_DIR
#define CARDFILE_SCHEMA_DIR	"/usr/share/cardfile/schema"
#endif
#ifndef CARDFILE_ISO_CODES_DIR
#define CARDFILE_ISO_CODES_DIR	"/usr/share/iso-codes/json"
#endif

static void
app_default(const char **key, const char *installed)
{
	if ((*key)[0] == '\0')
		*key = installed;
}

bool
app_open(struct app *app, const char *conf_file, const char *data_dir,
    struct err *err)
{
	struct conf	*conf = &app->conf;

	memset(app, 0, sizeof *app);
	crypto_init();
	app->arena = arena_new();
	if (!conf_load(app->arena, conf_file, CARDFILE_CONF_PATH, conf, err)) {
		app_close(app);
		return false;
	}
	if (data_dir != NULL)
		conf->data_dir = arena_strdup(app->arena, data_dir);
	app_default(&conf->data_dir, CARDFILE_DATA_DIR);
	app_default(&conf->schema_dir, CARDFILE_SCHEMA_DIR);
	app_default(&conf->iso_codes_dir, CARDFILE_ISO_CODES_DIR);
	app->dbs = databases_new(app->arena, conf, &models_behaviour);
	app->site = (struct site){ .conf = conf, .dbs = app->dbs };
	return true;
}

void
app_close(struct app *app)
{
	if (app->dbs != NULL)
		databases_close(app->dbs);
	if (app->arena != NULL)
		arena_free(app->arena);
	memset(app, 0, sizeof *app);
}
