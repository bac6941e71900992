// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/tls.h"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace gateway::net {

namespace {

constexpr std::array<unsigned char, 9> alpnHttp11 {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

SslContext owned(SSL_CTX *context)
{
    return {context, [](SSL_CTX *dead) { SSL_CTX_free(dead); }};
}

/// OpenSSL's own words for what went wrong last in this thread; empties its queue.
std::string lastWords()
{
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    if (code == 0)
        return errno != 0 ? std::strerror(errno) : "no reason given";
    if (ERR_SYSTEM_ERROR(code))
        return std::strerror(ERR_GET_REASON(code));
    const char *reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : fmt::format("error {:x}", code);
}

int slotIndex()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int keepSession(SSL *ssl, SSL_SESSION *session)
{
    auto *slot = static_cast<TlsSessionSlot *>(SSL_get_ex_data(ssl, slotIndex()));
    if (slot == nullptr)
        return 0;
    slot->session.reset(session);
    return 1; // ours now
}

int chooseAlpn(SSL *, const unsigned char **out, unsigned char *outLength, const unsigned char *in, unsigned int inLength, void *)
{
    unsigned char *chosen = nullptr;
    if (SSL_select_next_proto(&chosen, outLength, alpnHttp11.data(), alpnHttp11.size(), in, inLength) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

void setCommon(SSL_CTX *context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
}

} // namespace

void SslFree::operator()(SSL *ssl) const
{
    SSL_free(ssl);
}

void SslSessionFree::operator()(SSL_SESSION *session) const
{
    SSL_SESSION_free(session);
}

Result<SslContext> serverTlsContext(const std::string &cert, const std::string &key, const std::string &clientCa)
{
    ERR_clear_error();
    SslContext context = owned(SSL_CTX_new(TLS_server_method()));
    if (!context)
        return fail(ErrorCode::Internal, "TLS cannot be set up: " + lastWords(), "gateway.tls");
    setCommon(context.get());
    SSL_CTX_set_alpn_select_cb(context.get(), chooseAlpn, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context.get(), cert.c_str()) != 1)
        return fail(ErrorCode::Invalid, fmt::format("The certificate \"{}\" cannot be used: {}. Give a PEM file with the certificate first and its chain behind it.", cert, lastWords()), "gateway.tls.cert");
    if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
        return fail(ErrorCode::Invalid, fmt::format("The key \"{}\" cannot be used: {}. Give the certificate's own private key as a PEM file without a password.", key, lastWords()), "gateway.tls.key");
    if (SSL_CTX_check_private_key(context.get()) != 1)
        return fail(ErrorCode::Invalid, fmt::format("The key \"{}\" does not belong to the certificate \"{}\".", key, cert), "gateway.tls.key");
    if (!clientCa.empty()) {
        if (SSL_CTX_load_verify_file(context.get(), clientCa.c_str()) != 1)
            return fail(ErrorCode::Invalid, fmt::format("The callers' CA \"{}\" cannot be used: {}. Give a PEM file.", clientCa, lastWords()), "gateway.tls.client_ca");
        SSL_CTX_set_client_CA_list(context.get(), SSL_load_client_CA_file(clientCa.c_str()));
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        // Without a context of its own OpenSSL refuses to resume sessions that carry a caller's certificate.
        static constexpr std::string_view sessionContext = "signalbox";
        SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char *>(sessionContext.data()), sessionContext.size());
    }
    return context;
}

Result<SslContext> clientTlsContext(const std::string &extraCaFile)
{
    ERR_clear_error();
    SslContext context = owned(SSL_CTX_new(TLS_client_method()));
    if (!context)
        return fail(ErrorCode::Internal, "TLS cannot be set up: " + lastWords());
    setCommon(context.get());
    if (SSL_CTX_set_default_verify_paths(context.get()) != 1)
        return fail(ErrorCode::Tls, "The system's root certificates cannot be read: " + lastWords() + ". Install the package ca-certificates.");
    if (!extraCaFile.empty() && SSL_CTX_load_verify_file(context.get(), extraCaFile.c_str()) != 1)
        return fail(ErrorCode::Invalid, fmt::format("The CA file \"{}\" cannot be used: {}.", extraCaFile, lastWords()));
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context.get(), keepSession);
    return context;
}

Result<SslPtr> clientTls(SSL_CTX *context, const std::string &host, int fd, TlsSessionSlot *slot)
{
    ERR_clear_error();
    SslPtr ssl(SSL_new(context));
    if (!ssl || (fd >= 0 && SSL_set_fd(ssl.get(), fd) != 1))
        return fail(ErrorCode::Tls, "TLS cannot be set up: " + lastWords());
    boost::system::error_code notAnAddress;
    boost::asio::ip::make_address(host, notAnAddress);
    bool named = false;
    if (notAnAddress) {
        SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        named = SSL_set_tlsext_host_name(ssl.get(), host.c_str()) == 1 && SSL_set1_host(ssl.get(), host.c_str()) == 1;
    } else {
        named = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str()) == 1; // no SNI for addresses (RFC 6066 3)
    }
    if (!named || SSL_set_alpn_protos(ssl.get(), alpnHttp11.data(), alpnHttp11.size()) != 0)
        return fail(ErrorCode::Tls, fmt::format("TLS cannot be set up for \"{}\": {}", host, lastWords()));
    if (slot != nullptr) {
        SSL_set_ex_data(ssl.get(), slotIndex(), slot);
        if (slot->session)
            SSL_set_session(ssl.get(), slot->session.get());
    }
    SSL_set_connect_state(ssl.get());
    return ssl;
}

void forgetSlot(SSL *ssl)
{
    SSL_set_ex_data(ssl, slotIndex(), nullptr);
}

std::optional<WallTime> certificateEnd(SSL *ssl)
{
    const X509 *certificate = SSL_get0_peer_certificate(ssl);
    std::tm parts {};
    if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
        return std::nullopt;
    return WallTime(std::chrono::seconds(timegm(&parts)));
}

std::string tlsFailure(SSL *ssl, const std::string &host, int sslError)
{
    const long verdict = SSL_get_verify_result(ssl);
    const char *advice = "";
    std::string check;
    switch (verdict) {
    case X509_V_OK: break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        check = "the certificate is for another name";
        advice = " Check the provider's base_url.";
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED: check = "the certificate has expired"; break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        check = "the certificate is not valid yet";
        advice = " Check this computer's clock.";
        break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: check = "the certificate is self-signed"; break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: check = "the certificate's chain ends in a self-signed one that this system does not trust"; break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: check = "the certificate's issuer is not known to this system"; break;
    case X509_V_ERR_CERT_REVOKED: check = "the certificate was revoked"; break;
    default: check = X509_verify_cert_error_string(verdict); break;
    }
    if (!check.empty()) {
        ERR_clear_error();
        return fmt::format("TLS with {} failed: {}.{}", host, check, advice);
    }
    if (sslError == SSL_ERROR_ZERO_RETURN || sslError == SSL_ERROR_SYSCALL || ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        return fmt::format("TLS with {} failed: the connection was closed during the handshake.", host);
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_WRONG_VERSION_NUMBER) {
        ERR_clear_error();
        return fmt::format("TLS with {} failed: the server does not speak TLS on this port. If it is meant to be plain, write http:// in base_url.", host);
    }
    return fmt::format("TLS with {} failed: {}.", host, lastWords());
}

} // namespace gateway::net
