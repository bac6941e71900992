// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/jwt_signer.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstddef>
#include <span>
#include <vector>

namespace gateway::providers {
namespace {

std::string withLineEnds(std::string_view pem)
{
    std::string text(pem);
    for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at + 1))
        text.replace(at, 2, "\n");
    return text;
}

/// Without this OpenSSL asks for a passphrase on the terminal.
int noPassphrase(char *, int, int, void *)
{
    return -1;
}

std::string base64Url(std::span<const unsigned char> bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // EVP_EncodeBlock() ends it with a zero
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()), bytes.data(), static_cast<int>(bytes.size()))));
    while (text.ends_with('='))
        text.pop_back();
    for (char &c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::span<const unsigned char> bytesOf(std::string_view text)
{
    return {reinterpret_cast<const unsigned char *>(text.data()), text.size()};
}

} // namespace

Result<JwtSigner> JwtSigner::make(std::string_view pem)
{
    const std::string text = withLineEnds(pem);
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
    std::shared_ptr<EVP_PKEY> key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, &noPassphrase, nullptr) : nullptr, &EVP_PKEY_free);
    ERR_clear_error();
    if (!key || EVP_PKEY_is_a(key.get(), "RSA") != 1)
        return fail(ErrorCode::Invalid, "is not an RSA key in PEM form without a passphrase; it may have been copied in part");
    return JwtSigner(std::move(key));
}

Result<std::string> JwtSigner::sign(std::string_view header, std::string_view claims) const
{
    std::string token = base64Url(bytesOf(header)) + '.' + base64Url(bytesOf(claims));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::vector<unsigned char> signature(static_cast<std::size_t>(EVP_PKEY_get_size(m_key.get())));
    std::size_t length = signature.size();
    const bool made = context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1
        && EVP_DigestSign(context.get(), signature.data(), &length, bytesOf(token).data(), token.size()) == 1;
    ERR_clear_error();
    if (!made)
        return fail(ErrorCode::Internal, "cannot sign");
    return token + '.' + base64Url(std::span(signature).first(length));
}

} // namespace gateway::providers
