// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/call_import.h"

#include "gateway/storage/call_line.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/call_store.h"
#include "gateway/storage/line_source.h"

#include <fmt/format.h>

#include <future>
#include <memory>
#include <utility>

namespace gateway::api {

namespace {

constexpr std::size_t callsABatch = 256;                  // a transaction of some milliseconds
constexpr std::size_t bytesABatch = 8 * 1024 * 1024;
constexpr std::size_t mostProblems = 20;

using Imported = storage::CallStore::Imported;

/// Waits until the writer has dealt with them.
Result<Imported> stored(std::vector<CallRecord> records, const ImportOrder &order, const ImportRules &rules, storage::CallLogWriter &writer)
{
    auto answer = std::make_shared<std::promise<Result<Imported>>>();
    auto waiting = answer->get_future();
    writer.work([answer, records = std::move(records), rules, dry = order.dryRun](const storage::WriterDesk *desk) mutable {
        answer->set_value(desk != nullptr ? desk->store.import(records, rules.notBefore, rules.bodiesFrom, dry) : fail(ErrorCode::ShuttingDown, "The call log is being closed."));
        return false;
    });
    return waiting.get();
}

class Import
{
public:
    Import(const ImportOrder &order, const ImportRules &rules, storage::CallLogWriter &writer) : m_order(order), m_rules(rules), m_writer(writer) {}

    Result<ImportSummary> run(storage::LineSource &source, const std::function<bool(std::uint64_t, std::uint64_t)> &goOn)
    {
        std::string line;
        while (true) {
            const auto kind = source.next(line);
            if (!kind)
                return stopped(kind.error());
            if (*kind == storage::LineSource::Kind::End)
                break;
            take(*kind, line, source.number());
            if (m_batch.size() < callsABatch && m_batchBytes < bytesABatch)
                continue;
            if (auto flushed = flush(); !flushed)
                return stopped(flushed.error());
            if (!goOn(source.done(), source.all()))
                return stopped({ErrorCode::Cancelled, "The import was ended before the file was."});
        }
        if (auto flushed = flush(); !flushed)
            return stopped(flushed.error());
        return std::move(m_summary);
    }

private:
    void take(storage::LineSource::Kind kind, const std::string &line, std::uint64_t number)
    {
        if (kind == storage::LineSource::Kind::TooLong)
            return complain(number, fmt::format("has over {} MB", storage::longestCallLine / 1024 / 1024));
        if (line.find_first_not_of(" \t") == std::string::npos)
            return;
        auto record = storage::readCallLine(line);
        if (!record)
            return complain(number, record.error().where.empty() ? record.error().message : record.error().where + ' ' + record.error().message);
        m_batch.push_back(std::move(*record));
        m_batchBytes += line.size();
    }

    void complain(std::uint64_t line, std::string message)
    {
        ++m_summary.wrong;
        if (m_summary.problems.size() < mostProblems)
            m_summary.problems.push_back({.line = line, .message = std::move(message)});
    }

    Result<> flush()
    {
        if (m_batch.empty())
            return {};
        const auto counts = stored(std::exchange(m_batch, {}), m_order, m_rules, m_writer);
        m_batchBytes = 0;
        if (!counts)
            return std::unexpected(counts.error());
        m_summary.taken += counts->taken;
        m_summary.known += counts->known;
        m_summary.tooOld += counts->tooOld;
        return {};
    }

    /// What was taken stays: whoever asked is to know.
    std::unexpected<Error> stopped(Error error) const
    {
        if (!m_order.dryRun)
            error.message += fmt::format(" Calls taken until then: {}. Import the file again: what is there is passed over.", m_summary.taken);
        return std::unexpected(std::move(error));
    }

    const ImportOrder &m_order;
    const ImportRules &m_rules;
    storage::CallLogWriter &m_writer;
    std::vector<CallRecord> m_batch;
    std::size_t m_batchBytes = 0;
    ImportSummary m_summary;
};

} // namespace

Result<ImportSummary> importCalls(const ImportOrder &order, const ImportRules &rules, storage::CallLogWriter &writer, const std::function<bool(std::uint64_t done, std::uint64_t all)> &goOn)
{
    const auto source = storage::LineSource::open(order.path, storage::longestCallLine);
    if (!source)
        return std::unexpected(source.error());
    return Import(order, rules, writer).run(**source, goOn);
}

} // namespace gateway::api
