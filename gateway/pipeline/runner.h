// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/admin_door.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/stage.h"
#include "gateway/pipeline/worker.h"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::wire {
struct PathMatch;
}

namespace gateway::pipeline {

/// Takes every call of one worker from its request to its reply and its record. One for each worker, on its thread.
/// stages/stage_table.h makes it with its stages.
class Runner final : public HttpHandler
{
public:
    Runner(std::unique_ptr<Worker> worker, StageList stages);
    ~Runner() override;

    Task<void> handle(const HttpRequest &request, CallerStream &caller) override;
    void abort() override;
    [[nodiscard]] bool isIdle() const override;
    std::string refuse(int status, std::string_view path, std::string_view peer, std::string_view why) override;

private:
    Verdict prepare(Exchange &x, const wire::PathMatch &path);
    Task<void> say(Exchange &x, Verdict verdict);
    Task<Result<AdminReply>> ask(AdminRequest request, CancelSource &gone);
    Task<Verdict> readLog(Exchange &x);
    Task<void> admin(const HttpRequest &request, CallerStream &caller, const CompiledConfig &config, const wire::PathMatch &path);
    Task<void> control(const HttpRequest &request, CallerStream &caller, const wire::PathMatch &path);

    std::unique_ptr<Worker> m_worker;
    StageList m_list;
};

} // namespace gateway::pipeline
