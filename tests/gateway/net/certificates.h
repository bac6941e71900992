// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

/// A certificate authority of one test run and what it signs, as PEM files in a folder that goes with it.
namespace nettest {

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;

struct Issued
{
    std::string cert; ///< file, with the chain
    std::string key;  ///< file
};

class Authority
{
public:
    Authority()
        : m_key(EVP_EC_gen("P-256"), EVP_PKEY_free)
        , m_certificate(make("Signalbox test authority", m_key.get(), nullptr, 0, 3600, true), X509_free)
    {
        write(file(), [this](std::FILE *out) { PEM_write_X509(out, m_certificate.get()); });
    }

    [[nodiscard]] std::string file() const { return m_folder.filePath(QStringLiteral("ca.pem")).toStdString(); }

    /// @param names  subjectAltName: "DNS:localhost,IP:127.0.0.1" @param from, until  seconds from now
    Issued issue(const std::string &name, const char *names, long from = -60, long until = 3600, bool selfSigned = false) const
    {
        const KeyPtr key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const CertificatePtr certificate(make(name, key.get(), names, from, until, false, selfSigned), X509_free);
        const Issued issued {.cert = m_folder.filePath(QString::fromStdString(name + ".pem")).toStdString(), .key = m_folder.filePath(QString::fromStdString(name + ".key")).toStdString()};
        write(issued.cert, [&](std::FILE *out) { PEM_write_X509(out, certificate.get()); });
        write(issued.key, [&](std::FILE *out) { PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
        return issued;
    }

private:
    template <typename Write>
    static void write(const std::string &path, Write &&content)
    {
        std::FILE *out = std::fopen(path.c_str(), "w");
        content(out);
        std::fclose(out);
    }

    X509 *make(const std::string &name, EVP_PKEY *key, const char *names, long from, long until, bool authority, bool selfSigned = false) const
    {
        static long serial = 1;
        X509 *certificate = X509_new();
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
        X509_gmtime_adj(X509_getm_notBefore(certificate), from);
        X509_gmtime_adj(X509_getm_notAfter(certificate), until);
        X509_set_pubkey(certificate, key);
        X509_NAME *subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>(name.c_str()), -1, -1, 0);
        const bool own = authority || selfSigned;
        X509_set_issuer_name(certificate, own ? subject : X509_get_subject_name(m_certificate.get()));
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, own ? certificate : m_certificate.get(), certificate, nullptr, nullptr, 0);
        const auto extend = [&](int id, const char *value) {
            X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
            X509_add_ext(certificate, extension, -1);
            X509_EXTENSION_free(extension);
        };
        extend(NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
        if (names != nullptr)
            extend(NID_subject_alt_name, names);
        X509_sign(certificate, own ? key : m_key.get(), EVP_sha256());
        return certificate;
    }

    QTemporaryDir m_folder;
    KeyPtr m_key;
    CertificatePtr m_certificate {nullptr, X509_free};
};

} // namespace nettest
