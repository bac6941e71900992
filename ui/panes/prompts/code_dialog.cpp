// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/code_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/prompt_snippets.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/tab_strip.h"

#include <QComboBox>
#include <QHBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::config::PromptVersion;
using widgets::CodeView;
using widgets::Label;

CodeDialog::CodeDialog(const gateway::config::Prompt &prompt, std::int64_t version, const QString &origin, QWidget *parent)
    : Dialog(widgets::Icon::Terminal, widgets::Role::Accent, tr("Use %1 in code").arg(qt(prompt.name)), parent), m_prompt(prompt), m_origin(origin),
      m_naming(new widgets::TabStrip({tr("Header"), tr("Body"), tr("Endpoint")})), m_speech(new widgets::SegmentedControl({u"curl"_s, u"Python"_s, u"JavaScript"_s})), m_which(new QComboBox), m_code(new CodeView(CodeView::Language::Shell)),
      m_words(new Label(Label::Kind::Secondary))
{
    setObjectName(u"prompts.code"_s);
    m_naming->setObjectName(u"prompts.code.naming"_s);
    m_naming->setMargin(0);
    m_speech->setObjectName(u"prompts.code.speech"_s);
    m_which->setObjectName(u"prompts.code.which"_s);
    m_which->setAccessibleName(tr("Which version callers get"));
    m_code->setObjectName(u"prompts.code.text"_s);
    m_code->setAccessibleName(tr("The call"));
    m_code->setMinimumSize(600, m_code->heightOf(17));
    m_words->setObjectName(u"prompts.code.words"_s);
    m_words->setWordWrap(true);
    m_which->addItem(tr("whatever is usual"), QString());
    for (const PromptVersion &each : m_prompt.versions)
        for (const std::string &label : each.labels)
            m_which->addItem(u'@' + qt(label), u'@' + qt(label));
    m_which->addItem(tr("v%1 for good").arg(version), u"@%1"_s.arg(version));
    const auto shown = std::ranges::find(m_prompt.versions, version, &PromptVersion::version);
    if (shown != m_prompt.versions.end() && !shown->labels.empty())
        m_which->setCurrentIndex(std::max(0, m_which->findData(u'@' + qt(shown->labels.front()))));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_speech);
    row->addStretch(1);
    row->addWidget(new Label(Label::Kind::Field, tr("Version")));
    row->addWidget(m_which);
    body()->addWidget(m_naming);
    body()->addLayout(row);
    body()->addWidget(m_code, 1);
    body()->addWidget(m_words);
    auto *copy = new widgets::CopyButton(tr("Copy"), [this] { return m_code->toPlainText(); });
    copy->button()->setObjectName(u"prompts.code.copy"_s);
    addLeftWidget(copy);
    auto *close = addButton(widgets::Button::Kind::Primary, tr("Done"));
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_naming, &widgets::TabStrip::currentChanged, this, &CodeDialog::refresh);
    connect(m_speech, &widgets::SegmentedControl::currentChanged, this, &CodeDialog::refresh);
    connect(m_which, &QComboBox::currentIndexChanged, this, &CodeDialog::refresh);
    refresh();
}

void CodeDialog::refresh()
{
    const QString which = m_which->currentData().toString();
    const PromptVersion *version = gateway::config::findVersion(m_prompt, bridge::utf8(which.mid(1)));
    if (!version)
        return;
    const auto speech = static_cast<Speech>(m_speech->current());
    m_code->setLanguage(speech == Speech::Curl ? CodeView::Language::Shell : speech == Speech::Python ? CodeView::Language::Python : CodeView::Language::JavaScript);
    m_code->setCode(promptSnippet(static_cast<Naming>(m_naming->current()), speech, m_origin, qt(m_prompt.name) + which, *version));
    const QString now = tr("v%1").arg(version->version);
    m_words->setText(which.isEmpty() ? tr("Callers get the version with the label %1, or else the latest: now %2. Put a virtual key in the place of sb-YOUR-KEY.").arg(qt(gateway::config::usualLabel), now)
            : which.mid(1).toLongLong() > 0 ? tr("Callers get %1, whatever becomes of the labels. Put a virtual key in the place of sb-YOUR-KEY.").arg(now)
                                            : tr("Callers get the version that the label is on: now %1. Put a virtual key in the place of sb-YOUR-KEY.").arg(now));
}

} // namespace ui::prompts
