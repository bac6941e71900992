// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/backup.h"

#include "gateway/core/text.h"
#include "gateway/storage/database_copy.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/secret_entries.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sodium.h>
#include <span>
#include <sys/stat.h>

namespace gateway::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view workplaceName = ".making-";

std::uint64_t sizeOf(const std::string &path)
{
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : size;
}

/// Two walks over the databases, one after the other, as one figure.
class Progress
{
public:
    Progress(const BackupGo &go, std::uint64_t all) : m_go(go), m_all(std::max<std::uint64_t>(all, 1)) {}
    [[nodiscard]] bool at(std::uint64_t done) const { return !m_go || m_go(std::min(done, m_all), m_all); }
    [[nodiscard]] std::uint64_t all() const { return m_all; }

private:
    const BackupGo &m_go;
    std::uint64_t m_all;
};

Result<> writePart(BackupWriter &writer, std::string_view name, const std::string &path, const Progress &progress, std::uint64_t &done)
{
    if (auto begun = writer.part(name); !begun)
        return begun;
    std::ifstream file(path, std::ios::binary);
    std::string bytes(BackupWriter::largestData, '\0');
    while (file) {
        file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        const auto came = static_cast<std::size_t>(file.gcount());
        if (came == 0)
            break;
        if (auto written = writer.data(std::string_view(bytes).substr(0, came)); !written)
            return written;
        done += came;
        if (!progress.at(done))
            return fail(ErrorCode::Cancelled, "Ended before it was done. There is no backup.");
    }
    if (file.bad() || !file.eof())
        return fail(ErrorCode::Io, fmt::format("Reading {} failed.", path), path);
    return {};
}

/// Names and values in hexadecimal digits: secrets may be any bytes.
Result<> writeSecrets(BackupWriter &writer, std::map<std::string, std::string> &secrets)
{
    if (auto begun = writer.part("secrets"); !begun)
        return begun;
    for (auto &[name, secret] : secrets) {
        std::string line = nlohmann::json {{"name", name}, {"secret", toHex(std::as_bytes(std::span(secret)))}}.dump();
        sodium_memzero(secret.data(), secret.size());
        auto written = line.size() <= BackupWriter::largestData ? writer.data(line) : fail(ErrorCode::Invalid, fmt::format("The vault's entry \"{}\" is too large for a backup.", name));
        sodium_memzero(line.data(), line.size());
        if (!written)
            return written;
    }
    return {};
}

} // namespace

Result<BackupWorkplace> BackupWorkplace::make(const std::string &dataFolder)
{
    std::error_code error;
    const fs::path backups = fs::path(dataFolder) / "backups";
    fs::create_directories(backups, error);
    for (const fs::directory_entry &entry : fs::directory_iterator(backups, error)) {
        if (entry.path().filename().string().starts_with(workplaceName))
            fs::remove_all(entry.path(), error);
    }
    const std::string path = (backups / (std::string(workplaceName) + randomWord(8))).string();
    if (::mkdir(path.c_str(), S_IRWXU) != 0)
        return fail(ErrorCode::Io, fmt::format("The folder {} cannot be made: {}.", path, std::strerror(errno)), path);
    return BackupWorkplace(path);
}

BackupWorkplace::~BackupWorkplace()
{
    std::error_code error;
    if (!m_path.empty())
        fs::remove_all(m_path, error);
}

std::string installationMark(const KeyHasher::Key &key)
{
    std::array<std::byte, 16> mark {};
    constexpr std::string_view what = "signalbox installation";
    crypto_generichash(reinterpret_cast<unsigned char *>(mark.data()), mark.size(), reinterpret_cast<const unsigned char *>(what.data()), what.size(),
                       reinterpret_cast<const unsigned char *>(key.data()), key.size());
    return toHex(mark);
}

Result<BackupSummary> writeBackup(const BackupOrder &order, ConfigSnapshot config, const std::string &callsPath, const BackupWorkplace &workplace, const BackupGo &go)
{
    auto writer = BackupWriter::create(order.path,
                                       {.program = SIGNALBOX_VERSION, .madeUs = config.at.time_since_epoch().count(), .configVersion = configSchema().version(),
                                        .callsVersion = callLogSchema().version(), .calls = order.calls, .installation = config.installation},
                                       order.passphrase);
    if (!writer)
        return std::unexpected(writer.error());
    if (auto left = leaveVaultOut(config.copy); !left)
        return std::unexpected(left.error());
    const std::string calls = workplace.file("calls.db");
    const std::uint64_t expected = sizeOf(callsPath);
    const Progress copying(go, 2 * expected + sizeOf(config.copy));
    auto copied = order.calls ? copyDatabase(callsPath, calls, [&](std::uint64_t done, std::uint64_t all) { return copying.at(all == 0 ? 0 : expected * done / all); })
                              : copySpend(callsPath, calls);
    if (!copied)
        return std::unexpected(copied.error());
    const Progress writing(go, sizeOf(calls) + sizeOf(config.copy) + (order.calls ? expected : 0));
    std::uint64_t done = order.calls ? expected : 0;
    if (auto written = writePart(**writer, "signalbox.db", config.copy, writing, done); !written)
        return std::unexpected(written.error());
    if (auto written = writePart(**writer, "calls.db", calls, writing, done); !written)
        return std::unexpected(written.error());
    if (!order.passphrase.empty()) {
        if (auto written = writeSecrets(**writer, config.secrets); !written)
            return std::unexpected(written.error());
    }
    const auto size = (*writer)->finish();
    if (!size)
        return std::unexpected(size.error());
    return BackupSummary {.path = order.path, .bytes = *size, .sealed = !order.passphrase.empty(), .calls = order.calls};
}

} // namespace gateway::storage
