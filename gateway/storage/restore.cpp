// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/restore.h"

#include "gateway/config/duration.h"
#include "gateway/storage/database.h"
#include "gateway/storage/kept_backups.h"
#include "gateway/storage/restored_config.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/text_index.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::storage {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::array<std::string_view, 2> databases {"signalbox.db", "calls.db"};
constexpr const char *journalName = "restore.journal";
constexpr std::string_view stagePrefix = "restore-";
constexpr const char *formerPrefix = "before-restore-";

std::unexpected<Error> systemFailure(std::string_view doing, const fs::path &path, const std::string &words = {})
{
    return fail(ErrorCode::Io, fmt::format("{} {} failed: {}.", doing, path.string(), words.empty() ? std::strerror(errno) : words.c_str()), path.string());
}

Result<> sync(const fs::path &path, int flags = O_RDONLY)
{
    const int file = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    auto failure = systemFailure("Writing", path);
    if (file >= 0)
        ::close(file);
    if (!done)
        return failure;
    return {};
}

Result<> move(const fs::path &from, const fs::path &to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        return systemFailure("Moving", from);
    return {};
}

/// What comes out of a backup, in a folder beside the databases; gone with the object unless it is kept.
class Stage
{
public:
    explicit Stage(fs::path path) : m_path(std::move(path)) {}
    ~Stage()
    {
        std::error_code error;
        if (!m_kept)
            fs::remove_all(m_path, error);
        for (auto &[name, secret] : m_secrets)
            sodium_memzero(secret.data(), secret.size());
    }
    Stage(const Stage &) = delete;
    Stage &operator=(const Stage &) = delete;

    Result<> make()
    {
        if (::mkdir(m_path.c_str(), S_IRWXU) != 0)
            return systemFailure("Making the folder", m_path);
        return {};
    }

    Result<> begin(std::string_view part)
    {
        if (m_file.is_open())
            m_file.close();
        m_inSecrets = part == "secrets";
        if (m_inSecrets)
            return {};
        if (std::ranges::find(databases, part) == databases.end() || fs::exists(m_path / part))
            return fail(ErrorCode::Invalid, "The backup has a part that this Signalbox does not know. Nothing was restored.");
        m_file.open(m_path / part, std::ios::binary | std::ios::trunc);
        ::chmod((m_path / part).c_str(), S_IRUSR | S_IWUSR);
        return {};
    }

    Result<> take(std::string_view bytes)
    {
        if (m_inSecrets)
            return takeSecret(bytes);
        m_file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!m_file)
            return systemFailure("Writing", m_path);
        return {};
    }

    Result<> end()
    {
        if (m_file.is_open())
            m_file.close();
        for (const std::string_view name : databases) {
            if (!m_file || !fs::exists(m_path / name))
                return fail(ErrorCode::Invalid, fmt::format("{} is not in the backup, or could not be written. Nothing was restored.", name));
        }
        return {};
    }

    /// Both databases as they will be, on the disk.
    Result<> close()
    {
        for (const std::string_view name : databases) {
            for (const char *suffix : {"-wal", "-shm"}) { // of databases that were closed: empty, or gone
                std::error_code error;
                fs::remove(m_path / (std::string(name) + suffix), error);
            }
            if (auto synced = sync(m_path / name, O_RDWR); !synced)
                return synced;
        }
        return sync(m_path, O_RDONLY | O_DIRECTORY);
    }

    void keep() { m_kept = true; }
    [[nodiscard]] const fs::path &path() const { return m_path; }
    [[nodiscard]] std::map<std::string, std::string> takeSecrets() { return std::exchange(m_secrets, {}); }

private:
    Result<> takeSecret(std::string_view line)
    {
        const Json entry = Json::parse(line, nullptr, false);
        const bool known = entry.is_object() && entry.contains("name") && entry["name"].is_string() && entry.contains("secret") && entry["secret"].is_string();
        if (!known)
            return fail(ErrorCode::Invalid, "A secret of the backup is damaged. Nothing was restored.");
        const auto &hex = entry["secret"].get_ref<const std::string &>();
        std::string secret(hex.size() / 2, '\0');
        std::size_t length = 0;
        if (sodium_hex2bin(reinterpret_cast<unsigned char *>(secret.data()), secret.size(), hex.data(), hex.size(), nullptr, &length, nullptr) != 0 || length != secret.size())
            return fail(ErrorCode::Invalid, "A secret of the backup is damaged. Nothing was restored.");
        m_secrets.emplace(entry["name"], std::move(secret));
        return {};
    }

    fs::path m_path;
    bool m_kept = false;
    bool m_inSecrets = false;
    std::ofstream m_file;
    std::map<std::string, std::string> m_secrets;
};

Result<> checkVersions(const BackupHeader &header, const std::string &file)
{
    if (header.configVersion <= configSchema().version() && header.callsVersion <= callLogSchema().version())
        return {};
    return fail(ErrorCode::NotSupported, fmt::format("The backup {} was made by a newer Signalbox ({}), whose databases this one does not know. Install the newer Signalbox. Nothing was restored.",
                                                     file, header.program), file);
}

/// Opens it, which brings it up to date, and lets SQLite look at it.
Result<> checkDatabase(const fs::path &path, const Schema &schema)
{
    auto database = Database::open({.path = path.string()}, schema);
    if (!database)
        return std::unexpected(database.error());
    if (&schema == &callLogSchema())
        return {}; // it may be large, and the file's checksum held
    auto check = (*database)->prepare("PRAGMA quick_check(1)");
    if (!check)
        return std::unexpected(check.error());
    if (auto run = check->run(); !run)
        return run;
    if (!check->next() || check->text(0) != "ok")
        return fail(ErrorCode::Invalid, fmt::format("The {} in the backup is damaged. Nothing was restored.", schema.what));
    return {};
}

bool hasDatabases(const fs::path &folder)
{
    return std::ranges::any_of(databases, [&](std::string_view name) { return fs::exists(folder / name); });
}

/// From here on the new databases hold.
Result<> decide(const fs::path &folder, const fs::path &stage, const std::string &former)
{
    const fs::path journal = folder / journalName;
    const fs::path draft = folder / (std::string(journalName) + ".new");
    {
        std::ofstream file(draft, std::ios::trunc);
        file << Json {{"stage", stage.filename().string()}, {"former", former}}.dump() << '\n';
        file.flush();
        if (!file)
            return systemFailure("Writing", draft);
    }
    if (auto synced = sync(draft, O_RDWR); !synced)
        return synced;
    if (auto moved = move(draft, journal); !moved)
        return moved;
    return sync(folder, O_RDONLY | O_DIRECTORY);
}

/// Names in the journal are of this folder: it may have been written by anybody who can write there, and is not to lead out of it.
bool isOwnName(const std::string &name, std::string_view prefix)
{
    return name.starts_with(prefix) && name.find('/') == std::string::npos && name != "." && name != "..";
}

void removeStages(const fs::path &folder, const fs::path &but)
{
    std::error_code error;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder, error)) {
        if (entry.path() != but && entry.is_directory(error) && entry.path().filename().string().starts_with(stagePrefix))
            fs::remove_all(entry.path(), error);
    }
}

Result<> swapIn(const fs::path &folder, const fs::path &stage, const fs::path &former)
{
    if (::mkdir(former.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        return systemFailure("Making the folder", former);
    for (const std::string_view name : databases) {
        if (!fs::exists(stage / name))
            continue; // moved already, before the process ended
        for (const char *suffix : {"", "-wal", "-shm"}) {
            const std::string file = std::string(name) + suffix;
            if (!fs::exists(folder / file))
                continue;
            if (auto moved = move(folder / file, former / file); !moved)
                return moved;
        }
        if (auto moved = move(stage / name, folder / name); !moved)
            return moved;
    }
    // It is of the former log; the gateway makes one of this one where it is to have one.
    if (auto removed = TextIndex::remove(textPathBeside((folder / "calls.db").string())); !removed)
        return removed;
    return sync(folder, O_RDONLY | O_DIRECTORY);
}

/// "From a backup of 2026-11-29T08:00:00Z, with secrets, without the call log."
std::string wordsOf(const BackupHeader &header)
{
    const WallTime made {std::chrono::microseconds(header.madeUs)};
    return fmt::format("From a backup of {}{}{}.", config::dateText(std::chrono::floor<std::chrono::seconds>(made)), header.sealed ? ", with secrets" : "", header.calls ? "" : ", without the call log");
}

Result<> readBackup(BackupReader &reader, const std::string &passphrase, Stage &stage, const BackupGo &go)
{
    const std::uint64_t size = reader.size();
    if (auto whole = reader.verify([&](std::uint64_t bytes) { return !go || go(bytes / 2, size); }); !whole)
        return whole;
    if (auto made = stage.make(); !made)
        return made;
    const auto read = reader.read(passphrase, [&](std::string_view name) { return stage.begin(name); }, [&](std::string_view bytes) { return stage.take(bytes); },
                                  [&](std::uint64_t bytes) { return !go || go((size + bytes) / 2, size); });
    return read ? stage.end() : read;
}

} // namespace

Result<RestoreSummary> restoreBackup(const RestoreOrder &order, KeySource &keys, const BackupGo &go)
{
    const fs::path folder = order.dataFolder;
    auto reader = BackupReader::open(order.file);
    if (!reader)
        return std::unexpected(reader.error());
    const BackupHeader header = (*reader)->header();
    if (auto known = checkVersions(header, order.file); !known)
        return std::unexpected(known.error());
    if (auto finished = finishRestore(order.dataFolder); !finished)
        return std::unexpected(finished.error());
    removeStages(folder, {});
    const std::string stamp = backupStamp();
    Stage stage(folder / (std::string(stagePrefix) + stamp));
    if (auto read = readBackup(**reader, order.passphrase, stage, go); !read)
        return std::unexpected(read.error());
    if (auto fine = checkDatabase(stage.path() / "calls.db", callLogSchema()); !fine)
        return std::unexpected(fine.error());
    if (auto fine = checkDatabase(stage.path() / "signalbox.db", configSchema()); !fine)
        return std::unexpected(fine.error());
    const fs::path present = folder / "signalbox.db";
    RestoredConfig config {.path = (stage.path() / "signalbox.db").string(), .present = fs::exists(present) ? present.string() : std::string(), .installation = header.installation};
    if (header.sealed)
        config.secrets = stage.takeSecrets();
    config.words = wordsOf(header);
    auto fitted = fitRestored(std::move(config), keys);
    if (!fitted)
        return std::unexpected(fitted.error());
    if (auto closed = stage.close(); !closed)
        return std::unexpected(closed.error());
    RestoreSummary summary {.backup = header, .without = std::move(fitted->without), .asleep = fitted->asleep, .tokensAsleep = fitted->tokensAsleep};
    const std::string former = formerPrefix + stamp;
    if (hasDatabases(folder))
        summary.former = (folder / "backups" / former).string();
    if (auto decided = decide(folder, stage.path(), former); !decided)
        return std::unexpected(decided.error());
    stage.keep();
    if (auto finished = finishRestore(order.dataFolder); !finished)
        return std::unexpected(finished.error());
    return summary;
}

Result<> finishRestore(const std::string &dataFolder)
{
    const fs::path folder = dataFolder;
    const fs::path journal = folder / journalName;
    std::error_code error;
    if (!fs::exists(journal, error))
        return {};
    std::ifstream file(journal);
    const Json said = Json::parse(file, nullptr, false);
    const auto name = [&](const char *key) { return said.is_object() && said.contains(key) && said[key].is_string() ? said[key].get<std::string>() : std::string(); };
    if (!isOwnName(name("stage"), stagePrefix) || !isOwnName(name("former"), formerPrefix))
        return fail(ErrorCode::Invalid, fmt::format("{} is damaged: it tells of a restore that was not ended. Restore the backup again, or remove that file to go on with what is there.", journal.string()),
                    journal.string());
    const fs::path former = folder / "backups" / name("former");
    fs::create_directories(folder / "backups", error);
    if (auto swapped = swapIn(folder, folder / name("stage"), former); !swapped)
        return swapped;
    fs::remove(journal, error);
    if (auto synced = sync(folder, O_RDONLY | O_DIRECTORY); !synced)
        return synced;
    removeStages(folder, {});
    if (fs::is_empty(former, error))
        fs::remove(former, error);
    keepNewest((folder / "backups").string(), formerPrefix, keptBackups);
    return {};
}

} // namespace gateway::storage
