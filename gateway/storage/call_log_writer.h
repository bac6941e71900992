// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/call_log_view.h"
#include "gateway/core/call_record.h"
#include "gateway/core/error.h"
#include "gateway/core/mark_change.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway {
class Clock;
}

namespace gateway::storage {
class CallStore;
class Database;
class Retention;
struct FeedbackOrder;
}

/// The call log's only writer, and with it that of spend and roll-ups: `calls.db` in the data folder.
namespace gateway::storage {

/// What work on the writer's thread works with; all of it outlives the work.
struct WriterDesk
{
    Database &database;
    CallStore &store;
    Retention &retention;
};

/// Work between transactions, a short step at a time (some milliseconds), so that no record waits long.
/// @return whether there is another step; it comes after a pause, and after what came meanwhile. With null instead of a desk the
///         writer ends, or too much waits: it is the last time
using WriterWork = std::move_only_function<bool(const WriterDesk *)>;

struct CallLogSettings
{
    config::Durability durability = config::Durability::Relaxed;
    config::Millis flush {100};            ///< how long a finished record may wait for its transaction
    config::LogSettings log;               ///< what is kept of a call, and for how long
    std::string timeZone = "UTC";          ///< IANA: whose days and months spend is added up in
};

/// Bounds of what waits in memory. Past either one a record is given up; its spend is not.
struct CallLogLimits
{
    std::size_t records = 200'000;
    std::size_t bytes = 128ULL * 1024 * 1024;
    config::Millis retryBase {100};        ///< first pause after a failed transaction; doubles
    config::Millis retryMax {5000};
    config::Millis strictPatience {2000};  ///< strict: an answer that waited this long for its commit is released (G02)
    config::Millis retentionEvery {60'000};///< how often old rows are looked for
};

/// Takes records from every worker, and writes all that waits in one transaction on a thread of its own: call,
/// attempts, bodies (zstd), roll-ups and spend together, so that they always agree (G01). Where the store fails (G02:
/// disk full, locked, read-only) it keeps what fits its bounds, adds up the spend of what it must give up, retries
/// with a growing pause, and goes on by itself.
class CallLogWriter final : public RecordSink
{
public:
    /// After a commit: the last row. On the writer's thread; must be quick. Coalescing is the listener's.
    using Committed = std::function<void(std::uint64_t upTo)>;
    /// The store became well or unwell. On the writer's thread; must be quick.
    using StateChanged = std::function<void()>;

    struct Options
    {
        std::string path;                  ///< ".../calls.db"
        std::string backupFolder;          ///< ".../backups": where the file is copied before a migration
        CallLogSettings settings {};
        CallLogLimits limits {};
        Committed committed {};
        StateChanged stateChanged {};
    };

    /// Opens (makes, migrates) the file on the writer's thread and waits for that; any thread. A file of a newer
    /// version, a damaged one, or one that cannot be opened is an error, and nothing was changed.
    /// @param clock  must outlive the writer
    static Result<std::unique_ptr<CallLogWriter>> open(Options options, const Clock &clock);

    /// Stores what waits (see close()).
    ~CallLogWriter() override;
    CallLogWriter(const CallLogWriter &) = delete;
    CallLogWriter &operator=(const CallLogWriter &) = delete;

    /// RecordSink. Any thread; takes one short lock. `onCommitted` is only kept where durability is strict; else it is
    /// called never.
    void push(CallRecord record, std::move_only_function<void(bool stored)> onCommitted) override;
    [[nodiscard]] bool healthy() const override; ///< any thread, no lock; false also while one commit takes over strictPatience

    [[nodiscard]] bool behind() const override;  ///< any thread, no lock

    /// New settings; any thread. They hold from the next transaction on.
    void configure(const CallLogSettings &settings);

    /// What the window's banner and the metrics show. Any thread.
    [[nodiscard]] StoreState state() const;

    /// Keeps what somebody says of a call, once all records that were pushed before are stored: its own may be among them. Any
    /// thread. `done` on the writer's thread, or in this call where too many wait. Errors: those of writeFeedback(); Busy; those
    /// of a store that is not well.
    void keepFeedback(FeedbackOrder order, std::move_only_function<void(Result<>)> done);

    /// Writes marks of calls, likewise. `done` gets what writeMarks() gives.
    void keepMarks(std::vector<MarkChange> changes, std::move_only_function<void(Result<std::vector<MarkChange>>)> done);

    /// Any thread; on the writer's thread once all records that were pushed before are stored, or at once in this call with null.
    void work(WriterWork work);

    /// Waits until everything pushed before was stored or given up, at most `patience`. Not on a worker.
    /// @return false: something still waits
    bool flush(config::Millis patience);

    /// Stores what waits and ends the thread; what cannot be stored within `patience` is given up and counted. Called
    /// a second time it does nothing. @return records given up by it
    std::uint64_t close(config::Millis patience = config::Millis {5000});

private:
    class Impl;
    explicit CallLogWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
