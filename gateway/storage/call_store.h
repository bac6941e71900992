// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/storage/body_codec.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/figures.h"
#include "gateway/storage/rollup_table.h"
#include "gateway/storage/spend.h"

#include <array>
#include <span>
#include <unordered_map>

namespace gateway::storage {

/// Writes batches of records with all that is added up from them, each batch in one transaction. Writer's thread.
class CallStore
{
public:
    /// @param database  open with callLogSchema(); outlives the store
    static Result<std::unique_ptr<CallStore>> open(Database &database, const CallLogSettings &settings);

    void configure(const CallLogSettings &settings);

    /// All or nothing. Spend of records that were given up goes along.
    Result<> store(std::span<const CallRecord *const> records, const KeptSpend &kept);

    [[nodiscard]] std::uint64_t lastRow() const { return m_lastRow; }

private:
    explicit CallStore(Database &database);
    Result<> prepare();
    Result<> write(std::span<const CallRecord *const> records, const KeptSpend &kept);
    Result<> writeCall(const CallRecord &record, std::int64_t row);
    Result<> writeAttempts(const CallRecord &record, std::int64_t row);
    Result<> writeBodies(const CallRecord &record, std::int64_t row);
    Result<std::int64_t> dimension(const std::array<std::int64_t, 6> &names);
    [[nodiscard]] bool keepsBodies(const CallRecord &record) const;

    struct DimensionHash
    {
        std::size_t operator()(const std::array<std::int64_t, 6> &names) const;
    };

    Database &m_database;
    CallLogSettings m_settings;
    NameTable m_names;
    SpendTable m_spend;
    BodyCodec m_bodies;
    std::unordered_map<std::array<std::int64_t, 6>, std::int64_t, DimensionHash> m_dimensions;
    RollupTable<Figures> m_minutes, m_hours, m_teamMinutes, m_teamHours;
    RollupTable<AttemptFigures> m_attemptMinutes, m_attemptHours;
    std::optional<Statement> m_insertCall, m_insertAttempt, m_insertBodies, m_selectDimension, m_insertDimension, m_mark;
    std::uint64_t m_lastRow = 0;
};

} // namespace gateway::storage
