#include <string.h>

#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "backend/api/api_priv.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool phx_pin_read(struct phx_str text, struct phx_pin *out, struct phx_err *err)
{
	uint32_t digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		int d = hex_digit(text.ptr[i]);

		if (text.ptr[i] == ':' && digits % 2 == 0)
			continue;
		if (d < 0 || digits == 64)
			goto bad;
		out->want[digits / 2] = (unsigned char)(digits % 2 ? out->want[digits / 2] | d : d << 4);
		digits++;
	}
	if (digits != 64)
		goto bad;
	out->pinned = true;
	return true;
bad:
	phx_err_set(err, PHX_ERR_USAGE, "fingerprint `" PHX_STR_FMT "` is not a SHA-256 fingerprint",
		    PHX_STR_ARG(text));
	phx_err_hint(err, "32 bytes in hex, AB:CD:…, as `pvenode cert info` prints it on the node");
	return false;
}

void phx_pin_print(const unsigned char sha256[32], struct phx_buf *out)
{
	for (int i = 0; i < 32; i++)
		phx_buf_printf(out, "%s%02X", i ? ":" : "", sha256[i]);
}

/* In place of OpenSSL's own verification, within the handshake: nothing has been sent to the server yet. */
static int verify(X509_STORE_CTX *ctx, void *user)
{
	struct phx_pin *pin = user;
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);
	unsigned n = 0;

	pin->seen = leaf && X509_digest(leaf, EVP_sha256(), pin->last, &n) == 1 && n == sizeof(pin->last);
	pin->mismatch =
		pin->pinned && (!pin->seen || CRYPTO_memcmp(pin->last, pin->want, sizeof(pin->want)) != 0);
	if (pin->mismatch) {
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
		return 0;
	}
	if (pin->pinned && !pin->by_ca)
		return 1;
	return X509_verify_cert(ctx);
}

CURLcode phx_pin_install(CURL *easy, void *ssl_ctx, void *pin)
{
	(void)easy;
	SSL_CTX_set_verify(ssl_ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ssl_ctx, verify, pin);
	return CURLE_OK;
}

bool phx_api_check_fingerprint(struct phx_str fingerprint, struct phx_err *err)
{
	struct phx_pin pin = {0};

	return phx_pin_read(fingerprint, &pin, err);
}
