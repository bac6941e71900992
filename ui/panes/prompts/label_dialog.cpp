// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/label_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::PromptVersion;
using widgets::Button;
using widgets::Label;

LabelDialog::LabelDialog(const gateway::config::Prompt &prompt, std::int64_t version, const std::vector<gateway::PromptFigures> &figures, QWidget *parent)
    : Dialog(widgets::Icon::Tag, widgets::Role::Accent, tr("Move a label of %1").arg(qt(prompt.name)), parent), m_prompt(prompt), m_figures(figures), m_label(new QComboBox), m_version(new QComboBox),
      m_effects(new Label(Label::Kind::Secondary))
{
    setObjectName(u"prompts.labelDialog"_s);
    setFitting(true);
    m_label->setObjectName(u"prompts.labelDialog.label"_s);
    m_label->setEditable(true);
    m_label->setInsertPolicy(QComboBox::NoInsert);
    m_version->setObjectName(u"prompts.labelDialog.version"_s);
    m_effects->setObjectName(u"prompts.labelDialog.effects"_s);
    m_effects->setWordWrap(true);
    m_effects->setMinimumWidth(360);
    QStringList labels {qt(gateway::config::usualLabel)};
    std::ranges::sort(m_prompt.versions, std::greater {}, &PromptVersion::version);
    for (const PromptVersion &each : m_prompt.versions) {
        m_version->addItem(each.labels.empty() ? tr("v%1").arg(each.version) : tr("v%1 (%2)").arg(each.version).arg(bridge::qtList(each.labels).join(u", "_s)), QVariant::fromValue<qint64>(each.version));
        for (const std::string &one : each.labels)
            if (!labels.contains(qt(one)))
                labels << qt(one);
    }
    m_label->addItems(labels);
    m_version->setCurrentIndex(std::max(0, m_version->findData(QVariant::fromValue<qint64>(version))));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    panes::addField(grid, 0, 0, tr("Label"), m_label);
    panes::addField(grid, 1, 0, tr("To version"), m_version);
    body()->addLayout(grid);
    body()->addWidget(m_effects);
    m_takeOff = addLeftButton(Button::Kind::Plain, tr("Take label off"));
    m_takeOff->setObjectName(u"prompts.labelDialog.takeOff"_s);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_move = addButton(Button::Kind::Primary, tr("Move label"));
    m_move->setObjectName(u"prompts.labelDialog.move"_s);
    m_move->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_label, &QComboBox::currentTextChanged, this, &LabelDialog::refresh);
    connect(m_version, &QComboBox::currentIndexChanged, this, &LabelDialog::refresh);
    connect(m_move, &QPushButton::clicked, this, [this] {
        const QString name = label();
        const std::int64_t to = m_version->currentData().toLongLong();
        accept();
        Q_EMIT moved(name, to);
    });
    connect(m_takeOff, &QPushButton::clicked, this, [this] {
        const QString name = label();
        accept();
        Q_EMIT removed(name);
    });
    refresh();
    m_label->setFocus();
}

QString LabelDialog::label() const { return m_label->currentText().trimmed(); }

const PromptVersion *LabelDialog::holder(const QString &name) const
{
    const auto found = std::ranges::find_if(m_prompt.versions, [label = utf8(name)](const PromptVersion &version) { return std::ranges::find(version.labels, label) != version.labels.end(); });
    return found == m_prompt.versions.end() ? nullptr : &*found;
}

void LabelDialog::refresh()
{
    const QString name = label();
    const PromptVersion *now = holder(name);
    const std::int64_t to = m_version->currentData().toLongLong();
    const QString problem = labelProblem(name);
    const bool usual = utf8(name) == gateway::config::usualLabel;
    m_takeOff->setVisible(now != nullptr);
    m_move->setEnabled(problem.isEmpty() && (!now || now->version != to));
    m_move->setText(!now ? tr("Put label on v%1").arg(to) : now->version > to ? tr("Roll back to v%1").arg(to) : tr("Move to v%1").arg(to));
    if (!problem.isEmpty()) {
        m_effects->setText(problem);
        return;
    }
    QStringList lines;
    if (!now && usual)
        lines << tr("Callers who name no version, or ask for @%1, get v%2 then. Now they get the latest, v%3.").arg(name).arg(to).arg(m_prompt.versions.front().version);
    else if (!now)
        lines << tr("A new label: callers who ask for @%1 get v%2 then.").arg(name).arg(to);
    else if (now->version == to)
        lines << tr("It is on v%1 already.").arg(to);
    else
        lines << (usual ? tr("Callers who name no version, or ask for @%1, get v%2 now and v%3 then.") : tr("Callers who ask for @%1 get v%2 now and v%3 then.")).arg(name).arg(now->version).arg(to);
    const auto figures = now ? std::ranges::find(m_figures, now->version, &gateway::PromptFigures::version) : m_figures.end();
    if (figures != m_figures.end())
        lines << tr("v%1 made %2 calls in the range that is shown.").arg(now->version).arg(widgets::count(figures->calls));
    if (now && now->version != to)
        lines << tr("It holds at once, and moving it back undoes it.");
    m_effects->setText(lines.join(u' '));
}

} // namespace ui::prompts
