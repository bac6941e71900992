// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/backup_seal.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::storage {

namespace {

// Between libsodium's "interactive" and "moderate": half a second, and memory that a small container has.
constexpr unsigned long long operations = 3;
constexpr std::size_t memory = std::size_t {128} << 20;
constexpr unsigned long long mostOperations = 16;
constexpr std::size_t mostMemory = std::size_t {1} << 30;

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

std::string hexOf(const unsigned char *bytes, std::size_t size)
{
    std::string hex(size * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes, size);
    hex.pop_back();
    return hex;
}

bool bytesOfHex(const nlohmann::ordered_json &told, const char *name, unsigned char *bytes, std::size_t size)
{
    const auto found = told.find(name);
    if (found == told.end() || !found->is_string())
        return false;
    const auto &hex = found->get_ref<const std::string &>();
    std::size_t length = 0;
    return hex.size() == size * 2 && sodium_hex2bin(bytes, size, hex.data(), hex.size(), nullptr, &length, nullptr) == 0 && length == size;
}

} // namespace

BackupSeal::~BackupSeal()
{
    sodium_memzero(&m_state, sizeof m_state);
}

Result<> BackupSeal::derive(const std::string &passphrase, const unsigned char *salt, unsigned long long cost, std::size_t space, unsigned char *key)
{
    if (crypto_pwhash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, passphrase.data(), passphrase.size(), salt, cost, space, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(ErrorCode::Io, fmt::format("The key of the passphrase cannot be made: it takes {} MB of memory, which are not free.", space >> 20));
    return {};
}

Result<> BackupSeal::begin(const std::string &passphrase, nlohmann::ordered_json &told)
{
    std::array<unsigned char, crypto_pwhash_SALTBYTES> salt {};
    std::array<unsigned char, crypto_secretstream_xchacha20poly1305_KEYBYTES> key {};
    std::array<unsigned char, crypto_secretstream_xchacha20poly1305_HEADERBYTES> start {};
    randombytes_buf(salt.data(), salt.size());
    if (auto derived = derive(passphrase, salt.data(), operations, memory, key.data()); !derived)
        return derived;
    crypto_secretstream_xchacha20poly1305_init_push(&m_state, start.data(), key.data());
    sodium_memzero(key.data(), key.size());
    told = {{"algorithm", "argon2id13"}, {"operations", operations}, {"memory", memory}, {"salt", hexOf(salt.data(), salt.size())}, {"stream", hexOf(start.data(), start.size())}};
    return {};
}

Result<> BackupSeal::resume(const std::string &passphrase, const nlohmann::ordered_json &told)
{
    std::array<unsigned char, crypto_pwhash_SALTBYTES> salt {};
    std::array<unsigned char, crypto_secretstream_xchacha20poly1305_KEYBYTES> key {};
    std::array<unsigned char, crypto_secretstream_xchacha20poly1305_HEADERBYTES> start {};
    const auto number = [&](const char *name) {
        const auto found = told.find(name);
        return found != told.end() && found->is_number_unsigned() ? found->get<unsigned long long>() : 0ULL;
    };
    const unsigned long long cost = number("operations");
    const unsigned long long space = number("memory");
    const bool known = told.is_object() && told.value("algorithm", nlohmann::ordered_json()) == "argon2id13";
    if (!known || cost < crypto_pwhash_argon2id_OPSLIMIT_MIN || cost > mostOperations || space < crypto_pwhash_argon2id_MEMLIMIT_MIN || space > mostMemory
        || !bytesOfHex(told, "salt", salt.data(), salt.size()) || !bytesOfHex(told, "stream", start.data(), start.size()))
        return fail(ErrorCode::Invalid, "What the backup says of its encryption is none that this Signalbox makes.");
    if (auto derived = derive(passphrase, salt.data(), cost, space, key.data()); !derived)
        return derived;
    const bool begun = crypto_secretstream_xchacha20poly1305_init_pull(&m_state, start.data(), key.data()) == 0;
    sodium_memzero(key.data(), key.size());
    if (!begun)
        return fail(ErrorCode::Invalid, "What the backup says of its encryption is damaged.");
    return {};
}

void BackupSeal::bindTo(std::string_view header)
{
    crypto_generichash(m_bound.data(), m_bound.size(), bytesOf(header), header.size(), nullptr, 0);
}

std::string BackupSeal::seal(std::string_view frame, bool last)
{
    std::string sealed(frame.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    crypto_secretstream_xchacha20poly1305_push(&m_state, reinterpret_cast<unsigned char *>(sealed.data()), nullptr, bytesOf(frame), frame.size(), m_bound.data(), m_bound.size(),
                                               last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    return sealed;
}

bool BackupSeal::open(std::string_view sealed, std::string &frame, bool &last)
{
    frame.clear();
    if (sealed.size() < crypto_secretstream_xchacha20poly1305_ABYTES)
        return false;
    unsigned char tag = 0;
    frame.resize(sealed.size() - crypto_secretstream_xchacha20poly1305_ABYTES);
    if (crypto_secretstream_xchacha20poly1305_pull(&m_state, reinterpret_cast<unsigned char *>(frame.data()), nullptr, &tag, bytesOf(sealed), sealed.size(), m_bound.data(), m_bound.size()) != 0) {
        frame.clear();
        return false;
    }
    last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return true;
}

} // namespace gateway::storage
