// SPDX-License-Identifier: GPL-3.0-or-later
// control.sock: every line that is JSON gets exactly one answer, which is a JSON object with `ok`, and words where it is
// false; a secret in the running configuration is never in it unless it was asked for.
#include "app/common/command_handler.h"
#include "tests/app/fake_gateway.h"
#include "tests/fuzz/pieces.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

using fuzz::require;
using nlohmann::json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static int argumentCount = 0;
    static QCoreApplication application(argumentCount, nullptr);
    const json request = json::parse(data, data + size, nullptr, false);
    if (request.is_discarded())
        return 0;

    FakeGateway gateway;
    gateway.now.teams.push_back({.id = "team-1", .name = "search"});
    gateway.now.keys.push_back({.id = "key-1", .name = "ci", .team = "search", .hash = "ff", .prefix = "sb-abcd"});
    int shutDowns = 0, answers = 0;
    app::CommandHandler handler(gateway, [&] { ++shutDowns; });
    handler.handle(request, [&](const json &answer) {
        ++answers;
        require(answer.is_object() && answer.contains("ok") && answer["ok"].is_boolean(), "an answer says whether it went well");
        require(answer["ok"].get<bool>() || !answer["error"]["message"].get<std::string>().empty(), "a failure has words");
        require(!answer.dump(-1, ' ', false, json::error_handler_t::replace).empty(), "an answer can be sent");
    });
    for (int turns = 0; answers == 0 && turns < 100; ++turns)
        QCoreApplication::processEvents(QEventLoop::AllEvents);
    require(answers == 1, "there is one answer");
    require(shutDowns <= 1, "it ends once");
    return 0;
}
