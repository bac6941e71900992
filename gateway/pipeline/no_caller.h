// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

#include <functional>
#include <memory>
#include <string_view>

namespace gateway::pipeline {

/// A caller who is not there, and takes all that comes.
class NoCaller : public CallerStream
{
public:
    Task<bool> send(const HttpHead &, std::string_view) override { co_return true; }
    Task<bool> begin(const HttpHead &, std::string_view) override { co_return true; }
    Task<bool> write(std::string_view) override { co_return true; }
    Task<bool> end(std::string_view) override { co_return true; }
    Task<std::unique_ptr<Tunnel>> join(std::string_view, std::unique_ptr<UpstreamCall>, CancelSource &) override { co_return nullptr; }
    void cut() override {}
    void onGone(std::move_only_function<void()>) override {}
    [[nodiscard]] bool gone() const override { return false; }
};

} // namespace gateway::pipeline
