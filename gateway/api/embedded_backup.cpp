// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_parts.h"
#include "gateway/api/teller.h"
#include "gateway/storage/backup.h"

#include <atomic>
#include <filesystem>
#include <utility>

/// Backups: what is taken where, and who is told.
namespace gateway::api {

namespace {

constexpr config::Millis logPatience {5'000}; ///< for calls that just ended to be stored

/// What a backup is made of once the configuration was taken.
struct Taken
{
    storage::BackupWorkplace workplace;
    storage::ConfigSnapshot config;
};

Result<std::shared_ptr<Taken>> take(const ConfigService &service, const std::string &dataFolder, bool withSecrets)
{
    auto workplace = storage::BackupWorkplace::make(dataFolder);
    if (!workplace)
        return std::unexpected(workplace.error());
    auto config = service.snapshot(workplace->file("signalbox.db"), withSecrets);
    if (!config)
        return std::unexpected(config.error());
    return std::make_shared<Taken>(std::move(*workplace), std::move(*config));
}

} // namespace

void EmbeddedGateway::backup(BackupOrder order, QObject *context, std::function<void(BackupProgress)> onProgress, Answer<BackupSummary> done)
{
    auto *job = new QObject(context); // goes with the context, and ends the backup then
    auto cancelled = std::make_shared<std::atomic<bool>>(false);
    QObject::connect(job, &QObject::destroyed, [cancelled] { *cancelled = true; });
    auto tell = m_impl->deliver<BackupProgress>(context, onProgress ? std::move(onProgress) : std::function<void(BackupProgress)>([](BackupProgress) {}));
    auto deliver = m_impl->deliver<Result<BackupSummary>>(context, [job, done = std::move(done)](Result<BackupSummary> summary) {
        job->deleteLater();
        done(std::move(summary));
    });
    std::error_code error;
    order.path = std::filesystem::absolute(order.path, error).string();
    m_impl->control.post([this, order = std::move(order), cancelled, tell = std::move(tell), deliver = std::move(deliver)]() mutable {
        if (m_impl->backups.busy())
            return deliver(fail(ErrorCode::Busy, "A backup is being made already. Try again once it is done."));
        auto taken = take(*m_impl->config, m_impl->options.dataFolder, !order.passphrase.empty());
        if (!taken)
            return deliver(std::unexpected(taken.error()));
        m_impl->backups.start([this, order = std::move(order), taken = std::move(*taken), cancelled, tell = std::move(tell), deliver = std::move(deliver)](const std::atomic<bool> &ending) mutable {
            static_cast<void>(m_impl->writer->flush(logPatience));
            Teller<BackupProgress> teller(std::move(tell));
            const storage::BackupOrder file {.path = order.path, .passphrase = order.passphrase, .calls = order.calls};
            auto made = storage::writeBackup(file, std::move(taken->config), m_impl->options.dataFolder + "/calls.db", taken->workplace, [&](std::uint64_t at, std::uint64_t all) {
                teller.at(at, all);
                return !ending && !*cancelled;
            });
            taken.reset(); // the folder goes before anybody is told
            if (!made)
                return deliver(std::unexpected(made.error()));
            deliver(BackupSummary {.path = made->path, .bytes = made->bytes, .secrets = made->sealed, .calls = made->calls});
        });
    });
}

} // namespace gateway::api
