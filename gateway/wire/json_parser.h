// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace gateway::wire {

/// A worker's reusable simdjson parser, hidden so that its header is compiled in few places. Not thread-safe: one for
/// each worker; nothing may be awaited while a scan that was given it runs (scans are plain functions, so none can).
class JsonParser
{
public:
    struct Impl;

    JsonParser();
    ~JsonParser();
    JsonParser(JsonParser &&) noexcept;
    JsonParser &operator=(JsonParser &&) noexcept;
    [[nodiscard]] Impl &impl() { return *m_impl; }

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::wire
