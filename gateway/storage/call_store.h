// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/storage/body_packer.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/call_tail.h"
#include "gateway/storage/customer_table.h"
#include "gateway/storage/row_batch.h"
#include "gateway/storage/spend.h"

#include <functional>
#include <span>

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

    struct Imported
    {
        std::uint64_t taken = 0;
        std::uint64_t known = 0;    ///< the log has a call of that id
        std::uint64_t tooOld = 0;   ///< began at a time whose calls were removed here
    };
    /// Takes calls that were logged before, here or elsewhere, but for those that the log has: all or nothing. They are in all sums
    /// but those of spend, and nobody who reads what comes new reads them (call_flag::imported). Of a time whose calls were removed
    /// none is taken: those sums stay, and may have it.
    /// @param notBefore     calls that began before it are too old in any case
    /// @param bodiesFrom    of calls that began before it no body is kept
    /// @param onlyLook      says what would become of them; twice the same among them is not seen
    Result<Imported> import(std::span<CallRecord> records, WallTime notBefore, WallTime bodiesFrom, bool onlyLook);

    /// Puts all calls into blocks and roll-ups: what is taken out of the log afterwards stays in the sums.
    Result<> seal();

    [[nodiscard]] std::uint64_t lastRow() const { return m_lastRow; }

private:
    explicit CallStore(Database &database);
    Result<> prepare();
    enum class Origin : std::uint8_t { Served, Imported };
    Result<> write(std::span<const CallRecord *const> records, const KeptSpend &kept, Origin origin);
    Result<std::vector<const CallRecord *>> selectNew(std::span<CallRecord> records, WallTime notBefore, Imported &counts);
    Result<bool> isKnown(const QByteArray &id);
    Result<> noteLateBodies(std::span<const CallRecord *const> records);
    Result<> addCall(const CallRecord &record, std::int64_t row, Origin origin);
    Result<> addToTail(const CallRecord &record, std::int64_t row, const DimensionNames &names);
    Result<> addAttempts(const CallRecord &record, std::int64_t row);
    void addAttemptToSums(const AttemptRecord &attempt, std::int64_t callStartedUs, std::int64_t provider);
    Result<> addAttempt(const AttemptRecord &attempt, std::int64_t row, std::int64_t n);
    Result<> writeBatches();
    Result<> writeExtras(const CallRecord &record, std::int64_t row);
    Result<> writeBodies(const CallRecord &record, std::int64_t row);
    Result<> writeKeepsakes(const CallRecord &record);
    Result<> writeSpend(const KeptSpend &kept);
    Result<> inTransaction(const std::function<Result<>()> &work);
    void settle(bool sealed);
    void forget();
    [[nodiscard]] bool keepsBodies(const CallRecord &record) const;

    Database &m_database;
    CallLogSettings m_settings;
    NameTable m_names;
    DimensionTable m_dimensions;
    FacetTable m_facets;
    CustomerTable m_customers;
    SpendTable m_spend;
    BudgetSpendTable m_budgetSpend;
    BodyPacker m_bodies;
    CallTail m_tail;
    bool m_tailKnown = false; ///< holds what is stored
    RollupTable<AttemptFigures> m_attemptMinutes, m_attemptHours;
    std::unique_ptr<RowBatch> m_calls, m_attempts;
    std::optional<Statement> m_insertExtras, m_insertBodies, m_keep, m_forget, m_mark, m_timedRow, m_oddRow;
    std::uint64_t m_lastRow = 0;
};

} // namespace gateway::storage
