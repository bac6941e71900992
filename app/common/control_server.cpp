// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/control_server.h"

#include "app/common/command_handler.h"
#include "app/common/data_folder.h"

#include <QLocalSocket>
#include <QPointer>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace app {

namespace {

using nlohmann::json;

constexpr qint64 longestRequest = 16 * 1024 * 1024;
constexpr int mostConnections = 8;
constexpr const char *busyProperty = "signalboxBusy"; ///< of a socket: its request is being answered

std::string lineOf(const json &answer)
{
    return answer.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

} // namespace

ControlServer::ControlServer(CommandHandler &handler, QObject *parent) : QObject(parent), m_handler(handler)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.setMaxPendingConnections(mostConnections);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::accept);
}

ControlServer::~ControlServer() = default;

gateway::Result<> ControlServer::listen(const std::filesystem::path &dataFolder)
{
    const std::string path = DataFolder::controlSocket(dataFolder);
    const QString name = QString::fromStdString(path);
    QLocalServer::removeServer(name);
    if (!m_server.listen(name) || ::chmod(path.c_str(), 0600) != 0)
        return gateway::fail(gateway::ErrorCode::Io, fmt::format("The control socket {} cannot be made: {}. Commands would not reach this process.", path, m_server.errorString().toStdString()));
    return {};
}

void ControlServer::accept()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        socket->setParent(this);
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (findChildren<QLocalSocket *>(QString(), Qt::FindDirectChildrenOnly).size() > mostConnections) {
            answer(socket, lineOf(failure({gateway::ErrorCode::Busy, "Too many commands run at the same time; try again."})));
            socket->disconnectFromServer();
            continue;
        }
        socket->setReadBufferSize(longestRequest + 1);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        read(socket);
    }
}

void ControlServer::read(QLocalSocket *socket)
{
    if (socket->property(busyProperty).toBool())
        return;
    if (!socket->canReadLine()) {
        if (socket->bytesAvailable() > longestRequest) {
            answer(socket, lineOf(failure({gateway::ErrorCode::BodyTooLarge, "The request is over 16 MB."})));
            socket->disconnectFromServer();
        }
        return;
    }
    const QByteArray line = socket->readLine(longestRequest + 1);
    const json request = json::parse(line.begin(), line.end(), nullptr, false);
    if (request.is_discarded()) {
        answer(socket, lineOf(failure({gateway::ErrorCode::BadRequest, "The request is no JSON."})));
        socket->disconnectFromServer();
        return;
    }
    socket->setProperty(busyProperty, true);
    m_handler.handle(request, [this, alive = QPointer<QLocalSocket>(socket), self = QPointer<ControlServer>(this)](const json &reply) {
        if (!alive || !self)
            return;
        alive->setProperty(busyProperty, false);
        answer(alive, lineOf(reply));
        QMetaObject::invokeMethod(self, [this, alive] { if (alive) read(alive); }, Qt::QueuedConnection); // what was sent behind it
    }, socket, [this, alive = QPointer<QLocalSocket>(socket), self = QPointer<ControlServer>(this)](const json &said) {
        if (alive && self)
            answer(alive, lineOf(said));
    });
}

void ControlServer::answer(QLocalSocket *socket, const std::string &line)
{
    socket->write(line.data(), static_cast<qint64>(line.size()));
    socket->flush();
}

} // namespace app
