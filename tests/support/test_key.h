// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// A fresh RSA key, as a Google service account has one; also reads what was signed with it.
class TestKey
{
public:
    TestKey() : m_key(EVP_RSA_gen(2048), &EVP_PKEY_free) {}

    /// PKCS#8. @param passphrase  empty: not encrypted
    [[nodiscard]] std::string pem(const std::string &passphrase = {}) const
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
        PEM_write_bio_PKCS8PrivateKey(memory.get(), m_key.get(), passphrase.empty() ? nullptr : EVP_aes_256_cbc(), passphrase.empty() ? nullptr : passphrase.c_str(),
                                      static_cast<int>(passphrase.size()), nullptr, nullptr);
        char *text = nullptr;
        const long size = BIO_get_mem_data(memory.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }

    /// The JSON text of the key's file.
    [[nodiscard]] std::string serviceAccount(const std::string &tokenUri) const
    {
        return nlohmann::json {{"type", "service_account"}, {"project_id", "my-project"}, {"private_key_id", "f00"}, {"private_key", pem()},
                               {"client_email", "bot@my-project.iam.gserviceaccount.com"}, {"token_uri", tokenUri}}
            .dump();
    }

    /// Whether this key's public half verifies the token's RS256 signature.
    [[nodiscard]] bool verifies(std::string_view token) const
    {
        const std::size_t end = token.rfind('.');
        const std::string signature = decoded(token.substr(end + 1));
        const std::string_view text = token.substr(0, end);
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
        return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1
            && EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
    }

    /// A part of a token: 0 is its header, 1 its claims.
    static nlohmann::json part(std::string_view token, int number)
    {
        for (; number > 0; --number)
            token.remove_prefix(token.find('.') + 1);
        return nlohmann::json::parse(decoded(token.substr(0, token.find('.'))), nullptr, false);
    }

private:
    static const unsigned char *bytes(std::string_view text) { return reinterpret_cast<const unsigned char *>(text.data()); }

    /// base64url without padding
    static std::string decoded(std::string_view text)
    {
        std::string padded(text);
        for (char &c : padded)
            c = c == '-' ? '+' : c == '_' ? '/' : c;
        const std::size_t missing = (4 - padded.size() % 4) % 4;
        padded.append(missing, '=');
        std::string out(padded.size() / 4 * 3, '\0');
        if (EVP_DecodeBlock(reinterpret_cast<unsigned char *>(out.data()), bytes(padded), static_cast<int>(padded.size())) < 0)
            return {};
        out.resize(out.size() - missing);
        return out;
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> m_key;
};

} // namespace support
