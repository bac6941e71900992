// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"

#include <QList>
#include <QString>

#include <functional>

/// The gateway's settings as rows: a setting is added by its row here and nothing else.
namespace ui::settings {

/// One setting of the gateway, read and written as text in the words of the configuration file.
struct Setting
{
    enum class Kind { Text, Path, Secret, Number, Duration, Size, Switch, Choice, List };
    QString id;               ///< "log.keep": its key in the file, its row's objectName, and the field in problems ("gateway.log.keep")
    QString section;          ///< title of its card
    QString label;
    QString note;             ///< what it does, in a sentence; may be empty
    QString keywords;         ///< further words that the search finds it by
    Kind kind = Kind::Text;
    QList<std::pair<QString, QString>> choices {}; ///< Choice: stored text, shown text
    std::function<QString(const gateway::config::GatewaySettings &)> read;
    /// An error's message is shown beside the field.
    std::function<gateway::Result<void>(gateway::config::GatewaySettings &, const QString &)> write;
};

const QList<Setting> &settingTable();

} // namespace ui::settings
