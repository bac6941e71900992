// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/audit.h"
#include "ui/widgets/icons.h"

#include <QList>
#include <QSet>
#include <QString>

#include <utility>
#include <vector>

/// Entries of the audit log in the words of people. Pure.
namespace ui::settings {

QString whoWords(std::string_view author);                     ///< "Window", "Token ci", "File gateway.yaml"
QString fromWords(const gateway::AuditEntry &entry);           ///< "10.0.0.7"; empty where `who` says it already
QString kindWords(std::string_view kind);                      ///< "Provider", "Admin token", "Gateway settings"
QString subjectWords(const gateway::AuditEntry &entry);        ///< "Provider openai"
QString actionWords(const gateway::AuditEntry &entry);         ///< "added", "changed", "went back"
widgets::Icon actionIcon(const gateway::AuditEntry &entry);
widgets::Role actionRole(const gateway::AuditEntry &entry);

/// What a list can be narrowed to, in the order of the configuration's file: the log's word, and the words for people.
QList<std::pair<std::string, QString>> auditKinds();

/// What is looked for in the log's entries, word by word: in what is stored, and in what is shown of it.
/// @param authors  those that are known
std::vector<gateway::AuditWord> auditWords(const QString &text, const QSet<QString> &authors);

/// Whether the entry made the revision that it names: going back to that one is going back to just after it.
bool madeRevision(const gateway::AuditEntry &entry);

/// What an entry says of itself, where the configuration of then cannot be had: values that differ as lines before and after,
/// and the rest as sentences.
struct SaidChange
{
    QString before, after;
    QStringList sentences;
};
SaidChange saidBy(const gateway::AuditEntry &entry);

} // namespace ui::settings
