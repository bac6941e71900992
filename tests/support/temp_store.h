// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_id.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/call_log_writer.h"
#include "tests/support/fake_clock.h"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <string>
#include <vector>

namespace tests {

/// A data folder of its own with a call log in it, gone with the object.
class TempStore
{
public:
    explicit TempStore(gateway::storage::CallLogSettings settings = {}, gateway::storage::CallLogLimits limits = {}) : m_settings(std::move(settings)), m_limits(limits) {}

    [[nodiscard]] std::string folder() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::string callsPath() const { return folder() + "/calls.db"; }
    [[nodiscard]] FakeClock &clock() { return m_clock; }

    /// Opens the writer (once); fails the test where that fails.
    gateway::storage::CallLogWriter &writer()
    {
        if (!m_writer) {
            auto opened = gateway::storage::CallLogWriter::open({.path = callsPath(),
                                                                 .backupFolder = folder() + "/backups",
                                                                 .settings = m_settings,
                                                                 .limits = m_limits,
                                                                 .committed = committed,
                                                                 .stateChanged = {}},
                                                                m_clock);
            if (!opened)
                qFatal("%s", opened.error().message.c_str());
            m_writer = std::move(*opened);
        }
        return *m_writer;
    }

    gateway::storage::CallLogReader &reader()
    {
        if (!m_reader) {
            writer();
            auto opened = gateway::storage::CallLogReader::open(callsPath());
            if (!opened)
                qFatal("%s", opened.error().message.c_str());
            m_reader = std::move(*opened);
        }
        return *m_reader;
    }

    /// Stores them all, and waits for it.
    void store(const std::vector<gateway::CallRecord> &records)
    {
        for (const gateway::CallRecord &record : records)
            writer().push(copyOf(record), {});
        if (!writer().flush(std::chrono::seconds(30)))
            qFatal("The records were not stored: %s", writer().state().problem.c_str());
    }

    void closeWriter() { m_writer.reset(); }

    std::function<void(std::uint64_t)> committed {}; ///< set before the writer opens

private:
    static gateway::CallRecord copyOf(const gateway::CallRecord &record) { return record; }

    QTemporaryDir m_folder;
    FakeClock m_clock;
    gateway::storage::CallLogSettings m_settings;
    gateway::storage::CallLogLimits m_limits;
    std::unique_ptr<gateway::storage::CallLogWriter> m_writer;
    std::unique_ptr<gateway::storage::CallLogReader> m_reader;
};

/// A call as the account stage writes it: answered whole by "openai" after one attempt.
inline gateway::CallRecord sampleCall(gateway::WallTime startedAt, const std::string &team = "search")
{
    static gateway::CallIdMaker ids(0x5eed);
    gateway::CallRecord record;
    record.id = ids.next(startedAt);
    record.startedAt = startedAt;
    record.endpoint = gateway::Endpoint::ChatCompletions;
    record.key = team + "-key";
    record.keyId = "key_" + team;
    record.team = team;
    record.askedModel = "gpt-4o";
    record.route = "gpt-4o";
    record.provider = "openai";
    record.model = "gpt-4o-2024-08-06";
    record.peer = "127.0.0.1";
    record.stream = true;
    record.httpStatus = 200;
    record.latencyUs = 840'000;
    record.firstByteUs = 210'000;
    record.usage.input = 100;
    record.usage.output = 20;
    record.cost = gateway::Money::fromNanos(450'000);
    record.attempts.push_back({.provider = "openai", .credential = "main", .model = "gpt-4o-2024-08-06", .startedUs = 100, .firstByteUs = 210'000, .endedUs = 839'000, .httpStatus = 200, .ok = true});
    return record;
}

} // namespace tests
