// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/text_index_state.h"

#include <chrono>
#include <memory>
#include <string>

namespace gateway::storage {

/// Keeps text.db beside the call log: reads bodies behind the log's writer, the new ones at once and the older ones from the
/// newest down, takes out what retention took out of the log, and deletes the file when it is switched off. On a thread of its
/// own with the least priority; the log's writer never waits for it.
class TextIndexer
{
public:
    struct Options
    {
        std::string callsPath;                                     ///< ".../calls.db"; it exists
        std::chrono::milliseconds look = std::chrono::milliseconds {500}; ///< how often the log is looked at for new calls
        std::chrono::milliseconds pause = std::chrono::seconds {5};       ///< after a failure
    };

    explicit TextIndexer(Options options); ///< off
    ~TextIndexer();
    TextIndexer(const TextIndexer &) = delete;
    TextIndexer &operator=(const TextIndexer &) = delete;

    /// Any thread.
    void configure(bool on);
    [[nodiscard]] TextIndexState state() const; ///< any thread

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
