// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/diff_card.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/diff_text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::config::PromptVersion;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

namespace {

QString nameOf(const PromptVersion &version)
{
    const QString name = DiffCard::tr("v%1").arg(version.version);
    return version.labels.empty() ? name : name + u' ' + bridge::qtList(version.labels).join(u", "_s);
}

} // namespace

DiffCard::DiffCard(QWidget *parent)
    : Card(tr("Diff"), {}, parent), m_other(new QComboBox), m_against(new widgets::ElidedLabel), m_added(new Label(Label::Kind::Strong)), m_removed(new Label(Label::Kind::Strong)),
      m_swap(Button::iconOnly(Icon::Swap, tr("Change sides"), this, Button::Kind::Flat)), m_pages(new QStackedWidget), m_text(new DiffText), m_same(new Label(Label::Kind::Secondary))
{
    setObjectName(u"prompts.diff"_s);
    m_other->setObjectName(u"prompts.diff.other"_s);
    m_other->setAccessibleName(tr("Compared with"));
    m_other->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_other->setMinimumContentsLength(7);
    m_added->setObjectName(u"prompts.diff.added"_s);
    m_removed->setObjectName(u"prompts.diff.removed"_s);
    m_added->setRole(widgets::Role::Ok);
    m_removed->setRole(widgets::Role::Err);
    m_swap->setObjectName(u"prompts.diff.swap"_s);
    m_swap->setSmall(true);
    m_same->setObjectName(u"prompts.diff.same"_s);
    m_same->setAlignment(Qt::AlignCenter);
    m_same->setWordWrap(true);
    for (QWidget *widget : std::initializer_list<QWidget *> {m_other, m_against, m_added, m_removed, m_swap})
        addToHeader(widget);
    m_pages->addWidget(m_text);
    m_pages->addWidget(m_same);
    body()->addWidget(m_pages, 1);
    connect(m_other, &QComboBox::activated, this, &DiffCard::refresh);
    connect(m_swap, &QPushButton::clicked, this, [this] {
        m_swapped = !m_swapped;
        refresh();
    });
}

void DiffCard::show(const gateway::config::Prompt &prompt, const PromptVersion &shown, bool writing)
{
    const bool same = prompt.id == m_prompt.id;
    const auto before = same ? m_other->currentData() : QVariant();
    m_prompt = prompt;
    m_shown = shown;
    m_writing = writing;
    const QSignalBlocker quiet(m_other);
    m_other->clear();
    std::ranges::sort(m_prompt.versions, std::greater {}, &PromptVersion::version);
    for (const PromptVersion &version : m_prompt.versions)
        m_other->addItem(nameOf(version), QVariant::fromValue<qint64>(version.version));
    int at = before.isValid() ? m_other->findData(before) : -1;
    if (at < 0)
        at = m_other->findData(QVariant::fromValue<qint64>(firstOther()));
    m_other->setCurrentIndex(std::max(0, at));
    refresh();
}

/// What callers get who name none, or else the version before this one.
std::int64_t DiffCard::firstOther() const
{
    const PromptVersion *usual = gateway::config::findVersion(m_prompt, {});
    if (usual && usual->version != m_shown.version)
        return usual->version;
    const auto below = std::ranges::find_if(m_prompt.versions, [this](const PromptVersion &version) { return version.version < m_shown.version; });
    return below == m_prompt.versions.end() ? 0 : below->version;
}

void DiffCard::refresh()
{
    const auto other = std::ranges::find(m_prompt.versions, m_other->currentData().toLongLong(), &PromptVersion::version);
    m_swap->setEnabled(other != m_prompt.versions.end());
    const QString its = m_writing ? tr("v%1, not saved").arg(m_shown.version) : nameOf(m_shown);
    if (other == m_prompt.versions.end()) {
        m_rows.clear();
        m_against->setText(its);
        m_added->clear();
        m_removed->clear();
        m_same->setText(tr("There is no other version yet."));
        m_pages->setCurrentWidget(m_same);
        return;
    }
    m_rows = m_swapped ? diffRows(m_shown, *other) : diffRows(*other, m_shown);
    m_against->setText(m_swapped ? tr("from %1").arg(its) : tr("to %1").arg(its));
    const auto count = [this](DiffRow::Kind kind) { return std::ranges::count(m_rows, kind, &DiffRow::kind); };
    const auto added = count(DiffRow::Kind::Added), removed = count(DiffRow::Kind::Removed);
    m_added->setText(m_rows.isEmpty() ? QString() : u"+%1"_s.arg(added));
    m_removed->setText(m_rows.isEmpty() ? QString() : u"−%1"_s.arg(removed));
    m_added->setAccessibleName(tr("%1 lines came").arg(added));
    m_removed->setAccessibleName(tr("%1 lines went").arg(removed));
    m_text->show(m_rows);
    m_same->setText(tr("%1 and %2 are identical.").arg(nameOf(*other), its));
    m_pages->setCurrentWidget(m_rows.isEmpty() ? static_cast<QWidget *>(m_same) : m_text);
}

} // namespace ui::prompts
