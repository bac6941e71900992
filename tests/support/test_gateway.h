// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/call_record.h"
#include "tests/support/fake_provider.h"
#include "tests/support/memory_records.h"
#include "tests/support/test_client.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {
struct Services;
}

namespace support {

/// A route "test" that falls back over these providers, named p1, p2, ... with models m1, m2, ... at 1 and 2 dollars a
/// million tokens. Backoff is a few milliseconds; all else is as a new configuration has it.
gateway::config::Config chain(std::initializer_list<const FakeProvider *> providers);

template <typename... Providers>
gateway::config::Config chain(const FakeProvider &first, const Providers &...others)
{
    return chain({&first, &others...});
}

/// The same with a change to it, for one expression.
gateway::config::Config chainWith(std::initializer_list<const FakeProvider *> providers, const std::function<void(gateway::config::Config &)> &change);

/// What a TestGateway stores of a key with that secret.
std::string hashOf(std::string_view secret);
/// The gateway's own key with an allow-list in place of "everything".
void allowOnly(gateway::config::Config &config, std::vector<std::string> models);

/// A route to one target.
gateway::config::Route routeTo(std::string name, std::string provider, std::string model);

class TestGateway;

/// Whose SDK a caller uses.
enum class Caller : std::uint8_t { OpenAi, Anthropic };

/// One call to be: what is asked, then send().
class TestCall
{
public:
    TestCall(TestGateway &gateway, std::string path);

    TestCall &&stream() &&;
    TestCall &&usage() &&;                     ///< stream_options.include_usage
    TestCall &&model(std::string name) &&;
    TestCall &&key(std::string secret) &&;     ///< empty: none is sent
    TestCall &&header(std::string name, std::string value) &&;
    TestCall &&field(std::string json) &&;     ///< a further member of the body: "\"user\":\"u1\""
    TestCall &&body(std::string json) &&;      ///< this very body

    /// Sends it on a connection of its own and reads the answer to its end.
    Answer send(std::string_view words = "ping") &&;
    /// Sends it and leaves the reading to the caller.
    TestClient start(std::string_view words = "ping", int receiveBuffer = 0) &&;

private:
    [[nodiscard]] std::string request(std::string_view words) const;

    TestGateway &m_gateway;
    std::string m_path, m_model = "test", m_key, m_fields, m_body, m_headers;
    bool m_stream = false;
};

/// A whole gateway but for its window and its disk: listener on a free loopback port, workers, all stages, real sockets to
/// the providers, records in memory. There is one key, which may do all.
class TestGateway
{
public:
    explicit TestGateway(gateway::config::Config config, int workers = 1);
    ~TestGateway();
    TestGateway(const TestGateway &) = delete;
    TestGateway &operator=(const TestGateway &) = delete;

    /// Problems that kept the configuration from being compiled, or the listener from binding; empty: it runs.
    [[nodiscard]] const std::string &problem() const;
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const std::string &secret() const; ///< of the one key

    TestCall chat();
    TestCall messages();                             ///< Anthropic's
    TestCall ask(Caller caller);                     ///< chat() or messages()
    TestCall completions();
    TestCall embeddings();
    Answer get(std::string_view path, std::string_view headers = {});
    Answer request(std::string_view raw);            ///< these very bytes
    Answer post(std::string_view path, std::string_view json); ///< with the one key, as Anthropic's callers show it

    /// Compiles and publishes another configuration, with the same key; false where it has errors.
    bool apply(gateway::config::Config config);
    void setDraining(bool draining);
    /// Shuts down as a daemon does: no new calls, running ones are told and get so long. False: some still ran then.
    bool drain(std::chrono::milliseconds limit);

    [[nodiscard]] MemoryRecords &records();
    /// The newest record, once there are as many as calls were sent; five seconds at most.
    gateway::CallRecord lastRecord();
    /// "cut, ok": how the attempts of the newest record ended; skipped ones in brackets.
    std::string outcomes();
    [[nodiscard]] static std::string outcomesOf(const gateway::CallRecord &record); ///< the same of another one
    /// Whether there is exactly one record for each call that was sent, once all have come.
    [[nodiscard]] bool oneRecordEach();
    /// What is known of a target: "", or of "open", "half-open", "rate_limited", "key_rejected", "quota_gone" what holds,
    /// with commas; "unknown" where it was never asked.
    [[nodiscard]] std::string health(std::string_view provider, std::string_view credential = "main") const;
    [[nodiscard]] const gateway::pipeline::Services &services() const;
    [[nodiscard]] std::int64_t capturedBytes() const; ///< bodies held for the log right now

private:
    friend class TestCall;
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace support
