// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/asking.h"

#include "app/common/command_handler.h"
#include "app/common/control_client.h"
#include "app/common/data_folder.h"
#include "app/common/interrupts.h"
#include "gateway/api/embedded_gateway.h"

#include <QEventLoop>
#include <QTimer>

#include <fmt/format.h>
#include <memory>

namespace app {

using gateway::ErrorCode;
using gateway::Result;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds lookEvery {100}; ///< for an interrupt

/// By a gateway that is opened for this one request.
Result<json> askEmbedded(const Invocation &invocation, const fs::path &path, const json &request, const Told &told)
{
    std::optional<Interrupts> interrupts;
    if (told)
        interrupts.emplace();
    const auto folder = DataFolder::open(path);
    if (!folder)
        return std::unexpected(folder.error());
    const bool aboutKeys = textOf(request, "do").starts_with("key."); // also those that a --config file gave are revoked and rotated
    auto gateway = gateway::api::EmbeddedGateway::open(
        {.dataFolder = folder->path().string(), .serve = false, .useKeyring = invocation.keyring, .besideFile = aboutKeys, .author = "command line"});
    if (!gateway)
        return std::unexpected(gateway.error());
    CommandHandler handler(**gateway, {});
    QEventLoop loop;
    json reply;
    bool answered = false;
    auto asker = std::make_unique<QObject>();
    const auto take = [&](const json &answer) {
        reply = answer;
        answered = true;
        loop.quit();
    };
    handler.handle(request, take, asker.get(), told);
    QTimer looking;
    QObject::connect(&looking, &QTimer::timeout, &loop, [&] {
        if (interrupts && interrupts->asked())
            loop.quit();
    });
    if (interrupts)
        looking.start(lookEvery);
    if (!answered)
        loop.exec();
    asker.reset(); // ends what was begun
    if (!answered)
        return gateway::fail(ErrorCode::Cancelled, "Ended before it was done.");
    return reply;
}

} // namespace

Result<fs::path> folderOf(const Invocation &invocation)
{
    return invocation.data.empty() ? DataFolder::standard(invocation.demo) : Result<fs::path>(invocation.data);
}

Result<json> ask(const Invocation &invocation, const json &request, const Told &told)
{
    const auto path = folderOf(invocation);
    if (!path)
        return std::unexpected(path.error());
    const auto pid = DataFolder::holder(*path);
    if (!pid)
        return askEmbedded(invocation, *path, request, told);
    auto reply = askRunning(*path, request, told);
    if (!reply)
        return gateway::fail(reply.error().code, fmt::format("The data folder {} is in use by another Signalbox{}. {}", path->string(),
                                                             *pid > 0 ? fmt::format(" (process {})", *pid) : "", reply.error().message));
    return reply;
}

std::optional<json> goodAnswer(const Result<json> &reply, std::ostream &err)
{
    if (!reply) {
        err << reply.error().message << '\n';
        return std::nullopt;
    }
    if (isTrue(*reply, "ok"))
        return *reply;
    const auto error = reply->find("error");
    err << (error != reply->end() && error->is_object() ? textOf(*error, "message") : std::string("The command failed.")) << '\n';
    return std::nullopt;
}

} // namespace app
