// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/control_client.h"

#include "app/common/data_folder.h"

#include <QDeadlineTimer>
#include <QLocalSocket>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace app {

namespace {

using gateway::ErrorCode;
using nlohmann::json;

int left(const QDeadlineTimer &deadline)
{
    return static_cast<int>(deadline.remainingTime());
}

gateway::Result<json> nextLine(QLocalSocket &socket, std::chrono::milliseconds patience)
{
    const QDeadlineTimer deadline(patience);
    while (!socket.canReadLine()) {
        if (!socket.waitForReadyRead(left(deadline)) && !socket.canReadLine()) {
            if (deadline.hasExpired())
                return gateway::fail(ErrorCode::TotalTimeout, fmt::format("It gave no answer within {} s.", std::chrono::duration_cast<std::chrono::seconds>(patience).count()));
            return gateway::fail(ErrorCode::Connect, "It closed the connection before it answered.");
        }
    }
    const QByteArray answer = socket.readLine();
    json reply = json::parse(answer.begin(), answer.end(), nullptr, false);
    if (!reply.is_object())
        return gateway::fail(ErrorCode::Malformed, "Its answer is not what a Signalbox of this version says.");
    return reply;
}

} // namespace

gateway::Result<json> askRunning(const std::filesystem::path &dataFolder, const json &request, const std::function<void(const json &)> &told, std::chrono::milliseconds patience)
{
    constexpr int connectMs = 3000;
    const std::string path = DataFolder::controlSocket(dataFolder);
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path));
    if (!socket.waitForConnected(connectMs))
        return gateway::fail(ErrorCode::Connect, fmt::format("It does not answer on {}: {}.", path, socket.errorString().toStdString()));
    const std::string line = request.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
    socket.write(line.data(), static_cast<qint64>(line.size()));
    while (true) {
        auto reply = nextLine(socket, patience);
        if (!reply || !reply->contains("progress"))
            return reply;
        if (told)
            told(*reply);
    }
}

} // namespace app
