// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/settings_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/json_edit.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"

#include <nlohmann/json.hpp>

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::PromptEscape;
using panes::JsonEdit;
using widgets::Label;

namespace {

using ordered_json = nlohmann::ordered_json;

constexpr std::array escapes {PromptEscape::None, PromptEscape::Html, PromptEscape::Json};

ordered_json parametersOf(const std::string &text) { return ordered_json::parse(text.empty() ? "{}" : text, nullptr, false); }

/// A number among the parameters as it is written; empty: it is not there.
QString numberOf(const ordered_json &parameters, const char *key)
{
    const auto found = parameters.is_object() ? parameters.find(key) : parameters.end();
    return parameters.is_object() && found != parameters.end() && found->is_number() ? qt(found->dump()) : QString();
}

Label *heading(const QString &text, const QString &note)
{
    auto *label = new Label(Label::Kind::Field, note.isEmpty() ? text : text + u" · "_s + note);
    label->setWordWrap(true);
    return label;
}

} // namespace

SettingsPage::SettingsPage(Part part, QWidget *parent) : QScrollArea(parent), m_part(part)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *page = new QWidget;
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(6);
    if (part == Part::Model)
        makeModel(column);
    else
        makeTools(column);
    column->addStretch(1);
    setWidget(page);
}

void SettingsPage::makeModel(QVBoxLayout *column)
{
    m_model = new QComboBox;
    m_model->setObjectName(u"prompts.model"_s);
    m_model->setAccessibleName(tr("Model"));
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    m_model->lineEdit()->setPlaceholderText(tr("the caller's own"));
    m_escape = new QComboBox;
    m_escape->setObjectName(u"prompts.escape"_s);
    m_escape->setAccessibleName(tr("Values are put in"));
    for (const PromptEscape escape : escapes) {
        const QString words = escape == PromptEscape::None ? tr("as they stand") : escape == PromptEscape::Html ? tr("escaped for HTML") : tr("escaped for JSON texts");
        m_escape->addItem(words, static_cast<int>(escape));
    }
    const auto number = [this](const QString &name, const QString &spoken) {
        auto *field = new QLineEdit;
        field->setObjectName(name);
        field->setAccessibleName(spoken);
        field->setPlaceholderText(tr("not set"));
        field->setMinimumWidth(48);
        return field;
    };
    m_temperature = number(u"prompts.temperature"_s, tr("Temperature"));
    m_topP = number(u"prompts.topP"_s, tr("Top p"));
    m_maxTokens = number(u"prompts.maxTokens"_s, tr("Max tokens"));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    const auto add = [grid](int row, int pair, const QString &text, QWidget *field, int span = 1) {
        auto *label = new Label(Label::Kind::Field, text);
        label->setBuddy(field);
        grid->addWidget(label, row, pair * 2);
        grid->addWidget(field, row, pair * 2 + 1, 1, span);
    };
    add(0, 0, tr("Model"), m_model, 3);
    add(1, 0, tr("Temperature"), m_temperature);
    add(1, 1, tr("Top p"), m_topP);
    add(2, 0, tr("Max tokens"), m_maxTokens);
    add(3, 0, tr("Values"), m_escape, 3);
    column->addLayout(grid);
    column->addSpacing(6);
    column->addWidget(heading(tr("All parameters"), tr("members of OpenAI's request; what a caller sends stands before them")));
    m_parameters = new JsonEdit(JsonEdit::Shape::Object, u"prompts.parameters"_s, tr("All parameters, as JSON"));
    column->addWidget(m_parameters);
    const auto setModel = [this](const QString &text) {
        Q_EMIT edited(tr("the model"), [model = utf8(text.trimmed())](PromptVersion &version) { version.model = model; }, u"model"_s);
    };
    connect(m_model, &QComboBox::textActivated, this, setModel);
    connect(m_model->lineEdit(), &QLineEdit::textEdited, this, setModel);
    connect(m_escape, &QComboBox::activated, this, [this] {
        Q_EMIT edited(tr("how values are put in"), [escape = static_cast<PromptEscape>(m_escape->currentData().toInt())](PromptVersion &version) { version.escape = escape; }, {});
    });
    connect(m_temperature, &QLineEdit::textEdited, this, [this] { setParameter("temperature", m_temperature); });
    connect(m_topP, &QLineEdit::textEdited, this, [this] { setParameter("top_p", m_topP); });
    connect(m_maxTokens, &QLineEdit::textEdited, this, [this] { setParameter("max_tokens", m_maxTokens); });
    connect(m_parameters, &JsonEdit::typed, this, [this](const std::string &json) {
        Q_EMIT edited(tr("the parameters"), [json](PromptVersion &version) { version.parameters.text = json; }, u"parameters"_s);
    });
}

void SettingsPage::makeTools(QVBoxLayout *column)
{
    column->addWidget(heading(tr("Tools"), tr("a list in OpenAI's form; a caller's own stand in its place")));
    m_tools = new JsonEdit(JsonEdit::Shape::Array, u"prompts.tools"_s, tr("Tools, as JSON"));
    column->addWidget(m_tools);
    column->addSpacing(8);
    column->addWidget(heading(tr("Form of the answer"), tr("OpenAI's response_format, such as a json_schema")));
    m_format = new JsonEdit(JsonEdit::Shape::Object, u"prompts.format"_s, tr("Form of the answer, as JSON"));
    column->addWidget(m_format);
    connect(m_tools, &JsonEdit::typed, this, [this](const std::string &json) { Q_EMIT edited(tr("the tools"), [json](PromptVersion &version) { version.tools = json; }, u"tools"_s); });
    connect(m_format, &JsonEdit::typed, this, [this](const std::string &json) { Q_EMIT edited(tr("the form of the answer"), [json](PromptVersion &version) { version.responseFormat.text = json; }, u"format"_s); });
}

/// One member of the parameters; the others keep their order.
void SettingsPage::setParameter(const std::string &key, QLineEdit *field)
{
    const auto value = ordered_json::parse(utf8(field->text().trimmed()), nullptr, false);
    const bool none = field->text().trimmed().isEmpty();
    widgets::setInvalid(field, none || value.is_number() ? QString() : tr("Not a number"));
    if (widgets::isInvalid(field))
        return;
    Q_EMIT edited(tr("a parameter"), [key, none, value](PromptVersion &version) {
        ordered_json parameters = parametersOf(version.parameters.text);
        if (!parameters.is_object())
            return; // half typed: what is wrong stands below it
        if (none)
            parameters.erase(key);
        else
            parameters[key] = value;
        version.parameters.text = parameters.empty() ? std::string() : parameters.dump();
    }, u"parameter %1"_s.arg(qt(key)));
}

void SettingsPage::setRoutes(const QStringList &names)
{
    if (!m_model)
        return;
    const QSignalBlocker quiet(m_model);
    const QString text = m_model->currentText();
    m_model->clear();
    m_model->addItems(names);
    m_model->setCurrentText(text);
}

void SettingsPage::show(const PromptVersion &version, bool editable)
{
    if (m_part == Part::Tools) {
        m_tools->setJson(version.tools);
        m_format->setJson(version.responseFormat.text);
        m_tools->setEditable(editable);
        m_format->setEditable(editable);
        return;
    }
    if (m_model->currentText().trimmed() != qt(version.model) || !m_model->lineEdit()->hasFocus()) {
        const QSignalBlocker quiet(m_model);
        m_model->setCurrentText(qt(version.model));
    }
    m_model->setEnabled(editable);
    m_escape->setCurrentIndex(m_escape->findData(static_cast<int>(version.escape)));
    m_escape->setEnabled(editable);
    const ordered_json parameters = parametersOf(version.parameters.text);
    for (const auto &[field, key] : {std::pair {m_temperature, "temperature"}, {m_topP, "top_p"}, {m_maxTokens, "max_tokens"}}) {
        field->setReadOnly(!editable);
        const QString text = numberOf(parameters, key);
        if (field->hasFocus() && (widgets::isInvalid(field) || field->text().trimmed().toDouble() == text.toDouble()))
            continue; // what is being typed stays where it means the same
        widgets::setInvalid(field, {});
        if (field->text() != text)
            field->setText(text);
    }
    m_parameters->setJson(version.parameters.text);
    m_parameters->setEditable(editable);
}

} // namespace ui::prompts
