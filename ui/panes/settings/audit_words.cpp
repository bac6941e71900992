// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/audit_words.h"

#include "gateway/config/entry_lists.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using gateway::AuditEntry;
using widgets::Icon;
using widgets::Role;
namespace action = gateway::audit_action;

QString tr(const char *text) { return QCoreApplication::translate("settings", text); }

struct ActionLook
{
    std::string_view action;
    const char *words;
    Icon icon;
    Role role;
};

constexpr std::array looks {
    ActionLook {action::began, QT_TRANSLATE_NOOP("settings", "begins"), Icon::Flag, Role::Muted},
    ActionLook {action::headLost, QT_TRANSLATE_NOOP("settings", "lost its end"), Icon::Error, Role::Err},
    ActionLook {action::created, QT_TRANSLATE_NOOP("settings", "added"), Icon::Plus, Role::Ok},
    ActionLook {action::changed, QT_TRANSLATE_NOOP("settings", "changed"), Icon::Edit, Role::Text},
    ActionLook {action::deleted, QT_TRANSLATE_NOOP("settings", "removed"), Icon::Trash, Role::Err},
    ActionLook {action::applied, QT_TRANSLATE_NOOP("settings", "applied"), Icon::Upload, Role::Text},
    ActionLook {action::fileApplied, QT_TRANSLATE_NOOP("settings", "read from its file"), Icon::File, Role::Text},
    ActionLook {action::rolledBack, QT_TRANSLATE_NOOP("settings", "taken back"), Icon::Undo, Role::Warn},
    ActionLook {action::restored, QT_TRANSLATE_NOOP("settings", "restored from a backup"), Icon::Undo, Role::Warn},
    ActionLook {action::revoked, QT_TRANSLATE_NOOP("settings", "revoked"), Icon::CircuitOpen, Role::Err},
    ActionLook {action::rotated, QT_TRANSLATE_NOOP("settings", "rotated"), Icon::Refresh, Role::Text},
    ActionLook {action::muted, QT_TRANSLATE_NOOP("settings", "muted"), Icon::Pause, Role::Warn},
    ActionLook {action::unmuted, QT_TRANSLATE_NOOP("settings", "unmuted"), Icon::Play, Role::Ok},
    ActionLook {action::acknowledged, QT_TRANSLATE_NOOP("settings", "acknowledged"), Icon::Check, Role::Text},
    ActionLook {action::purged, QT_TRANSLATE_NOOP("settings", "emptied"), Icon::Trash, Role::Text},
};

const ActionLook *lookOf(const AuditEntry &entry)
{
    const auto found = std::ranges::find(looks, std::string_view(entry.action), &ActionLook::action);
    return found == looks.end() ? nullptr : &*found;
}

/// Where one value ends and the next begins: a value may hold "; " itself, a value's name does not look like one.
QStringList fieldsOf(const QString &diff)
{
    static const QRegularExpression beginning(u"^[\\w.*/@+ -]+(: .* -> | (added|removed|changed)$)"_s);
    QStringList fields;
    for (const QString &part : diff.split(u"; "_s)) {
        if (fields.isEmpty() || beginning.match(part).hasMatch())
            fields << part;
        else
            fields.back() += u"; "_s + part;
    }
    return fields;
}

} // namespace

QString whoWords(std::string_view author)
{
    constexpr std::string_view token = "admin:", file = "file ";
    if (author == "window")
        return tr("Window");
    if (author == "command line")
        return tr("Command line");
    if (author == "signalbox")
        return tr("Signalbox");
    if (author.starts_with(token))
        return tr("Token %1").arg(qt(author.substr(token.size())));
    if (author.starts_with(file))
        return tr("File %1").arg(qt(author.substr(file.size())).section(u'/', -1));
    return qt(author);
}

QString fromWords(const AuditEntry &entry)
{
    return entry.from == entry.author || entry.author == "file " + entry.from ? QString() : qt(entry.from);
}

QList<std::pair<std::string, QString>> auditKinds()
{
    static const QList<std::pair<std::string, QString>> kinds = [] {
        QList<std::pair<std::string, QString>> all {{"gateway", tr("Gateway settings")}};
        gateway::config::forEachSection([&](const auto &section) { all.append({std::string(section.name), {}}); });
        gateway::config::forEachList([&](const auto &list) { all.append({std::string(list.kind), {}}); });
        all.append({"configuration", tr("Configuration as a whole")});
        all.append({"audit", tr("This log")});
        const std::array named {std::pair("organisation", tr("Organisation")), std::pair("customers", tr("Customers")), std::pair("provider", tr("Provider")), std::pair("route", tr("Route")),
                                std::pair("team", tr("Team")), std::pair("key", tr("Key")), std::pair("tag", tr("Tag")), std::pair("admin-token", tr("Admin token"))};
        for (auto &[kind, words] : all) {
            for (const auto &[name, text] : named)
                if (kind == name)
                    words = text;
            if (words.isEmpty()) {
                words = qt(kind);
                words.front() = words.front().toUpper();
                words.replace(u'-', u' ').replace(u'_', u' ');
            }
        }
        return all;
    }();
    return kinds;
}

QString kindWords(std::string_view kind)
{
    const auto kinds = auditKinds();
    const auto found = std::ranges::find(kinds, kind, [](const auto &each) { return std::string_view(each.first); });
    return found == kinds.end() ? qt(kind) : kind == "configuration" ? tr("Configuration") : found->second;
}

QString subjectWords(const AuditEntry &entry)
{
    return entry.name.empty() ? kindWords(entry.kind) : kindWords(entry.kind) + u' ' + qt(entry.name);
}

QString actionWords(const AuditEntry &entry)
{
    const ActionLook *look = lookOf(entry);
    return look ? tr(look->words) : qt(entry.action);
}

Icon actionIcon(const AuditEntry &entry)
{
    const ActionLook *look = lookOf(entry);
    return look ? look->icon : Icon::Dot;
}

Role actionRole(const AuditEntry &entry)
{
    const ActionLook *look = lookOf(entry);
    return look ? look->role : Role::Text;
}

std::vector<gateway::AuditWord> auditWords(const QString &text, const QSet<QString> &authors)
{
    std::vector<gateway::AuditWord> words;
    for (const QString &part : text.split(u' ', Qt::SkipEmptyParts).mid(0, gateway::mostAuditWords)) {
        const auto has = [&](const QString &shown) { return shown.contains(part, Qt::CaseInsensitive); };
        gateway::AuditWord word {.text = bridge::utf8(part)};
        for (const QString &author : authors) {
            if (has(whoWords(bridge::utf8(author))))
                word.authors.push_back(bridge::utf8(author));
        }
        for (const auto &[kind, shown] : auditKinds()) {
            if (has(kindWords(kind)))
                word.kinds.push_back(kind);
        }
        for (const ActionLook &look : looks) {
            if (has(tr(look.words)))
                word.actions.emplace_back(look.action);
        }
        words.push_back(std::move(word));
    }
    return words;
}

bool madeRevision(const AuditEntry &entry)
{
    static constexpr std::array<std::string_view, 6> ofStates {action::revoked, action::rotated, action::muted, action::unmuted, action::acknowledged, action::purged};
    return entry.revision > 0 && entry.kind != "audit" && std::ranges::find(ofStates, std::string_view(entry.action)) == ofStates.end();
}

SaidChange saidBy(const AuditEntry &entry)
{
    SaidChange said;
    if (entry.action == action::revoked)
        said.sentences << tr("Its calls have been refused since then. Nothing of its settings changed.");
    if (entry.action == action::rotated)
        said.sentences << tr("It has had a new secret since then. Nothing of its settings changed.");
    if (entry.action == action::muted)
        said.sentences << tr("It tells nobody for that time. What fires is kept.");
    if (entry.action == action::unmuted)
        said.sentences << tr("It tells again.");
    if (entry.action == action::acknowledged)
        said.sentences << tr("Somebody sees to it: what fires is not told again.");
    const QString diff = qt(entry.diff);
    if (entry.action != action::changed || entry.kind == "configuration") {
        if (!diff.isEmpty())
            said.sentences << diff;
        return said;
    }
    for (const QString &field : fieldsOf(diff)) {
        const qsizetype name = field.indexOf(u": "_s), arrow = field.indexOf(u" -> "_s, name);
        if (name < 0 || arrow < 0) {
            said.sentences << field;
            continue;
        }
        said.before += field.left(arrow) + u'\n';
        said.after += field.left(name + 2) + field.mid(arrow + 4) + u'\n';
    }
    return said;
}

} // namespace ui::settings
