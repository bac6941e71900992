// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/vault.h"

#include "gateway/storage/database.h"

#include <fmt/format.h>

#include <cstring>
#include <sodium.h>

namespace gateway::storage {

namespace {

constexpr std::string_view ownPrefix = "signalbox/";
constexpr std::string_view checkName = "signalbox/check";       // tells whether a master key fits
constexpr std::string_view checkText = "this vault opens";
constexpr std::string_view keyHashName = "signalbox/key-hash";

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

} // namespace

class Vault::Impl
{
public:
    Impl(Database &database, MasterKey key) : m_database(database), m_key(std::move(key)) {}

    Result<std::string> read(std::string_view name) const
    {
        auto query = m_database.prepare("SELECT nonce, sealed FROM vault WHERE name = ?");
        if (!query)
            return std::unexpected(query.error());
        if (auto run = query->bind(name).run(); !run)
            return std::unexpected(run.error());
        if (!query->next()) {
            if (auto failed = query->failure(); !failed)
                return std::unexpected(failed.error());
            return fail(ErrorCode::NotFound, fmt::format("The vault has no entry \"{}\".", name), std::string(name));
        }
        return unseal(name, query->blob(0), query->blob(1));
    }

    Result<> write(std::string_view name, std::string_view secret)
    {
        QByteArray nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, Qt::Uninitialized);
        randombytes_buf(nonce.data(), static_cast<std::size_t>(nonce.size()));
        QByteArray sealed(static_cast<qsizetype>(secret.size()) + crypto_aead_xchacha20poly1305_ietf_ABYTES, Qt::Uninitialized);
        crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char *>(sealed.data()), nullptr, bytesOf(secret), secret.size(), bytesOf(name), name.size(), nullptr,
                                                   reinterpret_cast<const unsigned char *>(nonce.constData()), m_key.data());
        auto query = m_database.prepare("INSERT INTO vault (name, nonce, sealed) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed");
        if (!query)
            return std::unexpected(query.error());
        return query->bind(name).bindBlob(nonce).bindBlob(sealed).run();
    }

    Result<> remove(std::string_view name)
    {
        auto query = m_database.prepare("DELETE FROM vault WHERE name = ?");
        if (!query)
            return std::unexpected(query.error());
        return query->bind(name).run();
    }

    Result<std::vector<std::string>> names() const
    {
        auto query = m_database.prepare("SELECT name FROM vault ORDER BY name");
        if (!query)
            return std::unexpected(query.error());
        if (auto run = query->run(); !run)
            return std::unexpected(run.error());
        std::vector<std::string> found;
        while (query->next()) {
            if (std::string name = query->text(0); !name.starts_with(ownPrefix))
                found.push_back(std::move(name));
        }
        if (auto failed = query->failure(); !failed)
            return std::unexpected(failed.error());
        return found;
    }

    /// Proves that the key fits, or seals the proof where the vault is new.
    Result<> check(const std::string &place)
    {
        auto text = read(checkName);
        if (!text && text.error().code == ErrorCode::NotFound)
            return write(checkName, checkText);
        if (!text && text.error().code == ErrorCode::Invalid)
            return fail(ErrorCode::Invalid,
                        fmt::format("The master key in {} does not open the vault in {}: it is another installation's, or the vault is damaged. Put the right key back, or restore "
                                    "both from a backup. Nothing was changed.",
                                    place, m_database.path()),
                        place);
        if (!text)
            return std::unexpected(text.error());
        return {};
    }

    Result<> loadInstallationKey()
    {
        auto stored = read(keyHashName);
        if (stored && stored->size() == installationKey.size()) {
            std::memcpy(installationKey.data(), stored->data(), installationKey.size());
            sodium_memzero(stored->data(), stored->size());
            return {};
        }
        if (stored)
            return fail(ErrorCode::Invalid, "The vault's key for the hashes of virtual keys is damaged. Restore signalbox.db from a backup.", std::string(keyHashName));
        if (stored.error().code != ErrorCode::NotFound)
            return std::unexpected(stored.error());
        randombytes_buf(installationKey.data(), installationKey.size());
        return write(keyHashName, std::string_view(reinterpret_cast<const char *>(installationKey.data()), installationKey.size()));
    }

    KeyHasher::Key installationKey {};

private:
    Result<std::string> unseal(std::string_view name, const QByteArray &nonce, const QByteArray &sealed) const
    {
        const auto damaged = [&] {
            return fail(ErrorCode::Invalid, fmt::format("The vault's entry \"{}\" cannot be opened: it was changed from outside, or sealed with another master key. Enter the secret again.", name),
                        std::string(name));
        };
        if (nonce.size() != crypto_aead_xchacha20poly1305_ietf_NPUBBYTES || sealed.size() < static_cast<qsizetype>(crypto_aead_xchacha20poly1305_ietf_ABYTES))
            return damaged();
        std::string secret(static_cast<std::size_t>(sealed.size()) - crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
        if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char *>(secret.data()), nullptr, nullptr, reinterpret_cast<const unsigned char *>(sealed.constData()),
                                                       static_cast<unsigned long long>(sealed.size()), bytesOf(name), name.size(),
                                                       reinterpret_cast<const unsigned char *>(nonce.constData()), m_key.data())
            != 0)
            return damaged();
        return secret;
    }

    Database &m_database;
    MasterKey m_key;
};

Vault::Vault(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Vault::~Vault()
{
    sodium_memzero(m_impl->installationKey.data(), m_impl->installationKey.size());
}

Result<std::unique_ptr<Vault>> Vault::open(Database &database, KeySource &source)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, "The encryption library could not be started: the system gives no random numbers.");
    const auto entries = database.number("SELECT count(*) FROM vault");
    if (!entries)
        return std::unexpected(entries.error());
    auto key = source.load();
    if (!key && key.error().code == ErrorCode::NotFound) {
        if (*entries > 0)
            return fail(ErrorCode::NotFound,
                        fmt::format("The master key is missing from {}, and {} holds secrets that only it opens. Put it back from your backup. Nothing was changed.", source.place(),
                                    database.path()),
                        source.place());
        MasterKey fresh = MasterKey::random();
        if (auto stored = source.store(fresh); !stored)
            return std::unexpected(stored.error());
        key = fresh;
    }
    if (!key)
        return std::unexpected(key.error());
    auto impl = std::make_unique<Impl>(database, *key);
    if (auto fits = impl->check(source.place()); !fits)
        return std::unexpected(fits.error());
    if (auto loaded = impl->loadInstallationKey(); !loaded)
        return std::unexpected(loaded.error());
    return std::unique_ptr<Vault>(new Vault(std::move(impl)));
}

Result<std::map<std::string, std::string>> Vault::secrets() const
{
    auto names = m_impl->names();
    if (!names)
        return std::unexpected(names.error());
    names->emplace_back(keyHashName);
    names->emplace_back(fmt::format("{}{}", ownPrefix, auditHeadName));
    std::map<std::string, std::string> all;
    for (const std::string &name : *names) {
        auto secret = m_impl->read(name);
        if (!secret && secret.error().code == ErrorCode::NotFound)
            continue; // an audit log that somebody took the head from
        if (!secret)
            return std::unexpected(secret.error());
        all.emplace(name, std::move(*secret));
    }
    return all;
}

Result<std::string> Vault::read(std::string_view name) const
{
    if (name.starts_with(ownPrefix))
        return fail(ErrorCode::NotFound, fmt::format("The vault has no entry \"{}\".", name), std::string(name));
    return m_impl->read(name);
}

Result<> Vault::write(std::string_view name, std::string_view secret) { return m_impl->write(name, secret); }
Result<std::string> Vault::readOwn(std::string_view name) const { return m_impl->read(fmt::format("{}{}", ownPrefix, name)); }
Result<> Vault::writeOwn(std::string_view name, std::string_view content) { return m_impl->write(fmt::format("{}{}", ownPrefix, name), content); }
Result<> Vault::remove(std::string_view name) { return m_impl->remove(name); }
Result<std::vector<std::string>> Vault::names() const { return m_impl->names(); }
const KeyHasher::Key &Vault::installationKey() const { return m_impl->installationKey; }

} // namespace gateway::storage
