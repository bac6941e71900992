// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/backup_thread.h"
#include "gateway/api/log_tools.h"
#include "gateway/api/query_service.h"
#include "gateway/core/clock.h"

#include <atomic>
#include <memory>

namespace gateway::storage {
class CallLogWriter;
}

namespace gateway::api {

/// The log tools of a gateway in this process. On the gateway's thread; made and gone while the writer is there.
class EmbeddedLog final : public LogTools
{
    Q_OBJECT
public:
    struct Needs
    {
        storage::CallLogWriter &writer;
        QueryService &queries;
        const Clock &clock;     ///< these outlive it
        Deliverer deliverer;
    };
    EmbeddedLog(Needs needs, Gateway *gateway);
    ~EmbeddedLog() override;

    void importCalls(ImportOrder order, QObject *context, std::function<void(ImportProgress)> onProgress, Answer<ImportSummary> done) override;
    void pruneCalls(PruneOrder order, QObject *context, std::function<void(PruneProgress)> onProgress, Answer<PruneSummary> done) override;

private:
    void remove(PruneOrder order, std::uint64_t expected, QObject *context, std::function<void(PruneProgress)> onProgress, Answer<PruneSummary> done);

    Gateway &m_gateway;
    Needs m_needs;
    BackupThread m_import {"import"};
    std::shared_ptr<std::atomic<bool>> m_pruning = std::make_shared<std::atomic<bool>>(false); ///< one runs
    std::shared_ptr<std::atomic<bool>> m_ended = std::make_shared<std::atomic<bool>>(false);   ///< this is gone
};

} // namespace gateway::api
