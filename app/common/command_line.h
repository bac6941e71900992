// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The command line of signalbox and signalboxd (config.md).
namespace app {

enum class Program : std::uint8_t { Window, Daemon };
enum class Command : std::uint8_t { Serve, ConfigCheck, ConfigApply, ConfigExport, ConfigVersions, ConfigRollback, ImportLiteLlm, ImportPortkey, KeyCreate, KeyList, KeyRevoke, KeyRotate, Explain, Replay, Reconcile, Report, CostsReprice, Doctor, Backup, Restore, CallsExport, CallsImport, CallsPrune };
enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };
enum class LogFormat : std::uint8_t { Text, Json };

/// What was asked for. An option that was not given is empty, or its default.
struct Invocation
{
    Command command = Command::Serve;
    std::string data;                ///< --data; empty: the standard folder
    std::string config;              ///< --config; empty: the database alone rules
    std::string listen;              ///< --listen; empty: the configuration's
    int workers = 0;                 ///< 0: as many as cores
    bool demo = false;
    bool keyring = false;            ///< the vault's key from the desktop keyring
    LogLevel logLevel = LogLevel::Info;
    LogFormat logFormat = LogFormat::Text;
    std::string adminToken;          ///< SIGNALBOX_ADMIN_TOKEN, which no option gives: others would see it; empty: the data folder's
    std::string file;                ///< config check, config apply, backup, restore, import, calls export, calls import
    bool withSecrets = false;        ///< config export
    std::uint64_t revision = 0;      ///< config rollback
    bool yes = false;                ///< config apply, config rollback, import, calls prune: nobody is asked
    bool dryRun = false;             ///< import, calls import, calls prune, costs reprice
    std::string keyName;             ///< key create, revoke, rotate
    std::string keyTeam;             ///< report too; empty there: all
    bool createTeam = false;         ///< key create: a team that is not there yet is made
    std::optional<std::vector<std::string>> keyModels;
    std::string keyExpires;          ///< a date, checked already; empty: never
    std::string keyBudget;           ///< "50/month", checked already; empty: none
    std::string grace;               ///< key rotate: a duration, checked already; empty: none
    std::int64_t keyRpm = 0, keyTpm = 0; ///< 0: no limit
    std::string route;               ///< explain, replay: a file with the edited routes; explain: empty: what runs. import portkey: the route's name
    std::string body;                ///< explain: a file with a request; empty: one of a word for `model`
    std::string model;               ///< explain
    std::string endpoint = "chat_completions";
    std::vector<std::string> headers; ///< explain: "name: value"
    std::string from, to;            ///< replay, calls export, costs reprice: dates, or how long ago; empty: open
    std::string filter;              ///< replay, calls export, costs reprice
    double sample = 1;               ///< replay: a share of the calls
    std::uint64_t seed = 1;          ///< explain, replay
    std::size_t listed = 20;         ///< replay: changed calls that are printed
    std::vector<std::string> files {};     ///< reconcile: the exports
    std::vector<std::string> providers {}; ///< reconcile: whose bill it is; empty: all of the vendor's kinds
    std::string week, month;         ///< report: "2026-W47", "2026-11"; empty, as from and to: the last week
    std::string timeZone;            ///< report; empty: gateway.time_zone
    std::string out;                 ///< report: a file, or "-"; empty: standard output, of a PDF a file of its own name
    std::string format = "html";     ///< report
    bool json = false;               ///< explain, replay, reconcile: for programs
    bool bodies = false;             ///< calls export
    bool force = false;              ///< calls export: a file that is there is replaced
    std::string callFormat = "jsonl"; ///< calls export: or "csv"
    std::string before, olderThan;   ///< calls prune: a date, or a duration, checked already; one of them
    bool bodiesOnly = false;         ///< calls prune
    bool withoutCalls = false;       ///< backup
    std::string passphraseFile;      ///< backup, restore
    std::string passphrase;          ///< SIGNALBOX_BACKUP_PASSPHRASE, which no option gives; empty: none
};

/// Why there is nothing to run: help or the version was asked for (0), or the usage is wrong (2).
struct Ended
{
    int exitCode = 0;
    std::string output; ///< for stdout
    std::string error;  ///< for stderr
};

/// Reads the arguments behind the program's name and the environment's SIGNALBOX_*; an argument rules over its variable.
/// Not thread-safe (it reads the environment).
std::expected<Invocation, Ended> parseCommandLine(Program program, const std::vector<std::string> &arguments);

namespace exits {
inline constexpr int fine = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
} // namespace exits

} // namespace app
