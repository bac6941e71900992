// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

namespace app::demo {

/// Calls the gateway as the demo's teams would: arrivals at random (Poisson) with a wave over the day, streaming and not,
/// chat and embeddings, over its real listener. Runs on a thread of its own; at most 64 calls at a time.
class TrafficGenerator
{
public:
    /// @param address  of the gateway's listener, "127.0.0.1:8787"
    explicit TrafficGenerator(std::string address);
    ~TrafficGenerator(); ///< ends the running calls

    void moveTo(std::string address); ///< the listener moved; any thread

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace app::demo
