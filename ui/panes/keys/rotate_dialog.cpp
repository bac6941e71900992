// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/rotate_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/keys/key_words.h"
#include "ui/widgets/format.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHBoxLayout>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using gateway::config::VirtualKey;
using widgets::ConfirmDialog;

constexpr std::size_t mostLines = 8;
constexpr int usualHours = 24;
constexpr int manyWidth = 520; // a key's name and what uses it, on one line

QString tr(const char *text, const char *disambiguation = nullptr, int n = -1) { return QCoreApplication::translate("ui::keys", text, disambiguation, n); }

/// What uses the key, and what is out of the ordinary with it.
QString useOf(const VirtualKey &key, const std::optional<gateway::api::UseSummary> &use, gateway::WallTime now)
{
    if (key.hash.empty() && key.prefix.empty())
        return tr("has no secret yet, gets its first");
    if (key.revoked)
        return tr("is revoked, and works again with its new secret");
    if (!use)
        return widgets::unknownText();
    const auto used = std::ranges::find(use->keys, key.id, &gateway::api::KeyUse::keyId);
    if (used == use->keys.end() || used->calls == 0)
        return tr("no call this month");
    return tr("%1 calls this month, last %2").arg(widgets::count(used->calls), widgets::moment(used->lastUsed, now));
}

QComboBox *graceChoice(bool many)
{
    struct Choice
    {
        int hours;
        QString one, several;
    };
    const std::array choices {Choice {0, tr("The old secret stops at once"), tr("The old secrets stop at once")},
                              Choice {1, tr("The old secret works for 1 hour more"), tr("The old secrets work for 1 hour more")},
                              Choice {usualHours, tr("The old secret works for 24 hours more"), tr("The old secrets work for 24 hours more")},
                              Choice {168, tr("The old secret works for 7 days more"), tr("The old secrets work for 7 days more")}};
    auto *grace = new QComboBox;
    grace->setObjectName(u"keys.rotateDialog.grace"_s);
    grace->setAccessibleName(many ? tr("How long the old secrets still work") : tr("How long the old secret still works"));
    for (const Choice &choice : choices)
        grace->addItem(many ? choice.several : choice.one, choice.hours);
    grace->setCurrentIndex(grace->findData(usualHours));
    return grace;
}

} // namespace

void askToRotate(const std::vector<VirtualKey> &keys, const std::vector<VirtualKey> &staying, const std::optional<gateway::api::UseSummary> &use, gateway::WallTime now, QWidget *parent,
                 std::function<void(std::chrono::hours grace, const QString &old)> rotate)
{
    const bool many = keys.size() > 1;
    auto *dialog = many ? new ConfirmDialog(tr("Rotate %n keys?", nullptr, static_cast<int>(keys.size())),
                                            tr("Each gets a new secret. Programs that still use an old one get 401 once its grace time is over."), tr("Rotate keys"), parent)
                        : new ConfirmDialog(tr("Rotate key \"%1\"?").arg(qt(keys.front().name)),
                                            tr("It gets a new secret. Programs that still use the old one get 401 once its grace time is over."), tr("Rotate key"), parent);
    dialog->setObjectName(u"keys.rotateDialog"_s);
    if (many)
        dialog->setMinimumWidth(manyWidth);
    std::size_t shown = 0;
    for (const VirtualKey &key : keys) {
        if (shown == mostLines)
            break;
        ++shown;
        dialog->addEffect(many ? qt(key.name) : tr("In use"), useOf(key, use, now));
    }
    if (shown < keys.size())
        dialog->addEffect(u"…"_s, tr("and %n more", nullptr, static_cast<int>(keys.size() - shown)));
    if (!staying.empty()) {
        QStringList names;
        for (const VirtualKey &key : staying)
            names << qt(key.name);
        dialog->addEffect(tr("Stays revoked"), names.join(u", "_s));
    }
    auto *grace = graceChoice(many);
    auto *row = new QHBoxLayout; // below the words, which stand beside the icon
    row->setContentsMargins(32, 4, 0, 0);
    row->addWidget(grace, 1);
    dialog->body()->addLayout(row);
    QObject::connect(dialog, &ConfirmDialog::confirmed, dialog, [grace, many, rotate = std::move(rotate)] {
        const std::chrono::hours rest(grace->currentData().toInt());
        rotate(rest, rest.count() > 0 ? tr("%1.").arg(grace->currentText()) : many ? tr("The old ones stopped working.") : tr("The old one stopped working."));
    });
    dialog->open();
}

} // namespace ui::keys
