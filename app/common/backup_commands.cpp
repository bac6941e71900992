// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/backup_commands.h"

#include "app/common/asking.h"
#include "app/common/data_folder.h"
#include "app/common/interrupts.h"
#include "app/common/passphrase.h"
#include "app/common/progress_line.h"
#include "gateway/config/duration.h"
#include "gateway/storage/restore.h"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <sodium.h>

namespace app {

namespace {

using gateway::ErrorCode;
using gateway::Result;
using nlohmann::json;
namespace fs = std::filesystem;
namespace storage = gateway::storage;

int failed(const gateway::Error &error, std::ostream &err)
{
    err << error.message << '\n';
    return exits::failed;
}

std::unique_ptr<storage::KeySource> keySource(const Invocation &invocation, const fs::path &folder)
{
    if (invocation.keyring)
        return std::make_unique<storage::KeyringKeySource>(folder.string());
    return std::make_unique<storage::FileKeySource>((folder / "vault.key").string());
}

/// The folder, locked; words where a process has it.
Result<DataFolder> unusedFolder(const Invocation &invocation)
{
    const auto path = folderOf(invocation);
    if (!path)
        return std::unexpected(path.error());
    if (const auto pid = DataFolder::holder(*path))
        return gateway::fail(ErrorCode::Busy, fmt::format("The data folder {} is in use by a running Signalbox{}. End it, restore, and start it again. Nothing was restored.", path->string(),
                                                          *pid > 0 ? fmt::format(" (process {})", *pid) : ""));
    return DataFolder::open(*path);
}

void printRestored(const storage::RestoreSummary &summary, const std::string &file, std::ostream &out, std::ostream &err)
{
    const gateway::WallTime made {std::chrono::microseconds(summary.backup.madeUs)};
    out << fmt::format("Restored {} of {}{}.\n", file, gateway::config::dateText(std::chrono::floor<std::chrono::seconds>(made)), summary.backup.calls ? "" : ", without a call log");
    if (!summary.former.empty())
        out << fmt::format("What was there is in {}.\n", summary.former);
    for (const std::string &missing : summary.without)
        err << fmt::format("Not in the backup, enter it again: {}.\n", missing);
    if (summary.asleep > 0)
        err << fmt::format("Virtual keys that sleep until they are rotated: {}. The backup has no secrets, and this is another installation.\n", summary.asleep);
    if (summary.tokensAsleep > 0)
        err << fmt::format("Admin tokens that open nothing until they are given new secrets: {}.\n", summary.tokensAsleep);
}

} // namespace

int makeBackup(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    auto passphrase = passphraseFor(invocation, err, "Passphrase for the secrets (empty: without them): ", true);
    if (!passphrase)
        return failed(passphrase.error(), err);
    std::error_code error;
    json request {{"do", "backup"}, {"file", fs::absolute(invocation.file, error).string()}, {"passphrase", *passphrase}, {"calls", !invocation.withoutCalls}};
    sodium_memzero(passphrase->data(), passphrase->size());
    std::optional<ProgressLine> progress(std::in_place, err, "Backup");
    const auto reply = ask(invocation, request, [&](const json &said) {
        const json &at = said["progress"];
        progress->at(at.value("done", std::uint64_t {0}), at.value("all", std::uint64_t {0}));
    });
    progress.reset();
    if (!reply && reply.error().code == ErrorCode::Cancelled) {
        err << "Ended before it was done; there is no backup.\n";
        return exits::failed;
    }
    const auto answer = goodAnswer(reply, err);
    if (!answer)
        return exits::failed;
    const bool secrets = isTrue(*answer, "secrets");
    out << fmt::format("{}: {}{}{}.\n", textOf(*answer, "file"), sizeWords(answer->value("bytes", std::uint64_t {0})), isTrue(*answer, "calls") ? "" : ", without the call log",
                       secrets ? ", with secrets, sealed with the passphrase" : "");
    if (!secrets)
        err << "Secrets are not in it: restored elsewhere, providers' keys must be entered again and virtual keys rotated. With a passphrase they are in it.\n";
    return exits::fine;
}

int restoreFolder(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    if (sodium_init() < 0)
        return failed({ErrorCode::Internal, "The cryptographic library cannot start: the system's random source does not answer."}, err);
    const auto looked = storage::BackupReader::open(invocation.file);
    if (!looked)
        return failed(looked.error(), err);
    const auto folder = unusedFolder(invocation);
    if (!folder)
        return failed(folder.error(), err);
    storage::RestoreOrder order {.file = invocation.file, .dataFolder = folder->path().string()};
    if ((*looked)->header().sealed) {
        auto passphrase = passphraseFor(invocation, err, "Passphrase of the backup: ", false);
        if (!passphrase)
            return failed(passphrase.error(), err);
        order.passphrase = std::move(*passphrase);
    }
    const Interrupts interrupts;
    std::optional<ProgressLine> progress(std::in_place, err, "Restore");
    const auto keys = keySource(invocation, folder->path());
    const auto restored = storage::restoreBackup(order, *keys, [&](std::uint64_t done, std::uint64_t all) {
        progress->at(done, all);
        return !interrupts.asked();
    });
    progress.reset();
    sodium_memzero(order.passphrase.data(), order.passphrase.size());
    if (!restored)
        return failed(restored.error(), err);
    printRestored(*restored, invocation.file, out, err);
    return exits::fine;
}

} // namespace app
