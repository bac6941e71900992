// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

namespace support::detail {

namespace {

struct Free
{
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
    void operator()(X509 *certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION *extension) const { X509_EXTENSION_free(extension); }
    void operator()(BIO *bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

constexpr long day = 24L * 60 * 60;

struct Identity
{
    Key key;
    Certificate certificate;
};

struct Subject
{
    const char *commonName;
    const char *alternativeNames; ///< nullptr: an authority
    long from;                    ///< seconds from now
    long until;
};

void extend(X509 *certificate, X509 *issuer, int extension, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> made(X509V3_EXT_conf_nid(nullptr, &context, extension, value));
    if (!made)
        std::abort(); // our own constants
    X509_add_ext(certificate, made.get(), -1);
}

/// Signed by `authority`, or by itself where that is null.
Identity make(const Subject &subject, const Identity *authority)
{
    static long serial = 1;
    Identity made {Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
    X509 *certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), subject.from);
    X509_gmtime_adj(X509_getm_notAfter(certificate), subject.until);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(subject.commonName), -1, -1, 0);
    X509 *issuer = authority ? authority->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    extend(certificate, issuer, NID_basic_constraints, subject.alternativeNames ? "critical,CA:FALSE" : "critical,CA:TRUE");
    if (subject.alternativeNames)
        extend(certificate, issuer, NID_subject_alt_name, subject.alternativeNames);
    else
        extend(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(certificate, authority ? authority->key.get() : made.key.get(), EVP_sha256());
    return made;
}

struct Identities
{
    static constexpr const char *here = "DNS:localhost,IP:127.0.0.1,IP:::1";
    Identity authority = make({"Signalbox test authority", nullptr, -day, 30 * day}, nullptr);
    Identity trusted = make({"localhost", here, -day, 30 * day}, &authority);
    Identity wrongName = make({"elsewhere.example", "DNS:elsewhere.example", -day, 30 * day}, &authority);
    Identity expired = make({"localhost", here, -30 * day, -day}, &authority);
    Identity selfSigned = make({"localhost", here, -day, 30 * day}, nullptr);
};

const Identities &identities()
{
    static const Identities made;
    return made;
}

const Identity &identityFor(Tls kind)
{
    switch (kind) {
    case Tls::WrongName: return identities().wrongName;
    case Tls::Expired: return identities().expired;
    case Tls::SelfSigned: return identities().selfSigned;
    case Tls::None:
    case Tls::Trusted: break;
    }
    return identities().trusted;
}

} // namespace

void useCertificate(SSL_CTX *context, Tls kind)
{
    const Identity &identity = identityFor(kind);
    SSL_CTX_use_certificate(context, identity.certificate.get());
    SSL_CTX_use_PrivateKey(context, identity.key.get());
}

std::string authorityPem()
{
    const std::unique_ptr<BIO, Free> memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), identities().authority.certificate.get());
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

} // namespace support::detail
