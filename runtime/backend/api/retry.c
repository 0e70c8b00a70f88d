#include "backend/api/api_priv.h"
#include "base/sys.h"

enum { TRIES = 6, TRIES_FIRST = 2, TRIES_LOCAL = 2, FIRST_WAIT_MS = 250 };

/* Only what another attempt can change, and what surely did nothing. */
static bool may_help(const struct phx_transfer *t, CURLcode code, const struct phx_answer *a)
{
	bool get = t->r.method == PHX_GET;

	if (t->too_big || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
		return false;
	switch (a->err.kind) {
	case PHX_ERR_CONNECT:
		if (a->status >= 300 && a->status < 400)
			return false;
		if (a->status)
			return get || a->status == 595;
		/* Certificates and protocol mismatches do not heal. */
		return get ? t->sent || code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT ||
				       t->late != LATE_NOT
			   : !t->sent && (code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT);
	case PHX_ERR_TIMEOUT:
		return get;
	case PHX_ERR_DATA:
		/* A 200 cut short; not a web page that will be one again. */
		return get && a->status >= 200 && a->status < 300 && t->body.len && *t->body.ptr == '{';
	case PHX_ERR_NONE:
	case PHX_ERR_IO:
	case PHX_ERR_USAGE:
	case PHX_ERR_LOST:
	case PHX_ERR_AUTH:
	case PHX_ERR_PERMISSION:
	case PHX_ERR_PARAMETER:
	case PHX_ERR_MISSING:
	case PHX_ERR_EXISTS:
	case PHX_ERR_LOCKED:
	case PHX_ERR_CHANGED:
	case PHX_ERR_QUORUM:
	case PHX_ERR_STORAGE:
	case PHX_ERR_TASK:
	case PHX_ERR_SERVER:
	case PHX_ERR_STALE:
	case PHX_ERR_INTERRUPTED:
		return false;
	}
	return false;
}

/* A server that was never reached is more likely misspelt than starting; one on this machine that is gone stays gone. */
static uint32_t tries(const struct phx_transfer *t, CURLcode code)
{
	if (!t->api->contacted)
		return TRIES_FIRST;
	return t->api->place.local && code == CURLE_COULDNT_CONNECT ? TRIES_LOCAL : TRIES;
}

bool phx_api_again(const struct phx_transfer *t, CURLcode code, const struct phx_answer *a,
		   uint64_t *out_wait_ms)
{
	uint64_t wait = (uint64_t)FIRST_WAIT_MS << (t->attempts - 1);

	if (!may_help(t, code, a) || t->attempts >= tries(t, code))
		return false;
	/* Slow failures (time-outs) are not piled up. */
	if (phx_now_ms() - t->queued_at > 2 * phx_transfer_total_ms(t))
		return false;
	/* Up to a quarter more, so that many requests do not come back at once; the same for the same request. */
	*out_wait_ms = wait + (phx_str_hash(t->r.path) + t->attempts) % (wait / 4 + 1);
	return true;
}
