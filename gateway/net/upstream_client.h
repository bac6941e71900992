// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/upstream_pool.h"
#include "gateway/pipeline/http.h"

#include <memory>
#include <string>
#include <unordered_map>

namespace gateway::net {

class WorkerCore;

/// One worker's way to the providers. See pipeline::Upstream.
class UpstreamClient final : public pipeline::Upstream
{
public:
    explicit UpstreamClient(WorkerCore &worker) : m_worker(worker) {}

    pipeline::Task<Result<std::unique_ptr<pipeline::UpstreamCall>>> start(pipeline::UpstreamRequest request, pipeline::CancelSource &cancel) override;

    /// A call of this worker waits for a place of that pool: the other workers close an idle connection each.
    void askForPlace(const std::string &pool);
    void closeIdle();

private:
    std::shared_ptr<UpstreamPool> poolOf(const std::string &key);

    WorkerCore &m_worker;
    std::unordered_map<std::string, std::shared_ptr<UpstreamPool>> m_pools;
};

} // namespace gateway::net
