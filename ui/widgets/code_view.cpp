// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/code_view.h"

#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QAccessibleWidget>
#include <QEvent>
#include <QRegularExpression>
#include <QSyntaxHighlighter>

using namespace Qt::StringLiterals;

namespace ui::widgets {

/// Enough for snippets: words of the language, strings that may run over lines (shell's single quotes), comments, and
/// in JSON the keys.
class CodeHighlighter final : public QSyntaxHighlighter
{
public:
    using Language = CodeView::Language;
    CodeHighlighter(QTextDocument *document, Language language) : QSyntaxHighlighter(document), m_language(language) {}
    void setLanguage(Language language)
    {
        m_language = language;
        rehighlight();
    }
    void setColors(const ThemeColors &colors)
    {
        m_colors = &colors;
        rehighlight();
    }

protected:
    void highlightBlock(const QString &text) override
    {
        if (m_language == Language::Plain || text.size() > 20'000)
            return;
        highlightWords(text);
        highlightStrings(text);
    }

private:
    [[nodiscard]] QString words() const
    {
        switch (m_language) {
        case Language::Shell: return u"^\\s*(curl|export|set)\\b"_s;
        case Language::Python: return u"\\b(from|import|for|in|print|def|return|with|as|if|else|None|True|False|await|async)\\b"_s;
        case Language::JavaScript: return u"\\b(import|from|const|let|await|async|new|for|of|return|if|else|null|true|false)\\b"_s;
        case Language::Json: return u"\\b(true|false|null)\\b|-?\\b\\d[\\d.eE+-]*"_s;
        case Language::Plain: break;
        }
        return {};
    }

    void highlightWords(const QString &text)
    {
        QRegularExpression expression(words());
        for (auto found = expression.globalMatch(text); found.hasNext();) {
            const auto match = found.next();
            setFormat(int(match.capturedStart()), int(match.capturedLength()), m_colors->accent);
        }
    }

    /// The block's state is the quote that is still open at its end (0: none).
    void highlightStrings(const QString &text)
    {
        QChar quote = previousBlockState() > 0 ? QChar(previousBlockState()) : QChar();
        int start = 0;
        for (int i = 0; i < text.size(); ++i) {
            const QChar c = text.at(i);
            if (!quote.isNull()) {
                if (c == u'\\')
                    ++i;
                else if (c == quote) {
                    setFormat(start, i + 1 - start, stringColor(text, i));
                    quote = {};
                }
            } else if (c == u'"' || c == u'\'' || (c == u'`' && m_language == Language::JavaScript)) {
                quote = c;
                start = i;
            } else if (c == u'#' && (m_language == Language::Python || m_language == Language::Shell)) {
                setFormat(i, int(text.size()) - i, m_colors->muted);
                break;
            }
        }
        if (!quote.isNull())
            setFormat(start, int(text.size()) - start, m_colors->ok);
        const bool mayRunOn = m_language == Language::Shell && quote == u'\'';
        setCurrentBlockState(mayRunOn ? quote.unicode() : 0);
    }

    [[nodiscard]] QColor stringColor(const QString &text, int end) const
    {
        if (m_language != Language::Json)
            return m_colors->ok;
        int next = end + 1;
        while (next < text.size() && text.at(next).isSpace())
            ++next;
        return next < text.size() && text.at(next) == u':' ? m_colors->accent : m_colors->ok;
    }

    Language m_language;
    const ThemeColors *m_colors = &themeColors(false);
};

namespace {

/// In the place of Qt's own interface for editors, which hands out the whole text: this one has no text interface, and
/// its value is the code without the secret.
class GuardedCode final : public QAccessibleWidget
{
public:
    explicit GuardedCode(CodeView *view) : QAccessibleWidget(view, QAccessible::StaticText), m_view(view) { }
    QString text(QAccessible::Text kind) const override { return kind == QAccessible::Value ? m_view->codeForReaders() : QAccessibleWidget::text(kind); }

private:
    CodeView *m_view;
};

QAccessibleInterface *guardedCode(const QString &, QObject *object)
{
    auto *view = qobject_cast<CodeView *>(object);
    return view && view->hidesSecret() ? new GuardedCode(view) : nullptr;
}

} // namespace

CodeView::CodeView(Language language, QWidget *parent) : QPlainTextEdit(parent), m_highlighter(new CodeHighlighter(document(), language))
{
    setReadOnly(true);
    setFont(monoFont(12));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::StyledPanel);
    document()->setDocumentMargin(10);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    applyColors();
}

void CodeView::setLanguage(Language language) { m_highlighter->setLanguage(language); }
void CodeView::setCode(const QString &code) { setPlainText(code); }

void CodeView::setSecret(const QString &secret)
{
    m_secret = secret;
    if (m_hidesSecret)
        return;
    m_hidesSecret = true;
    QAccessible::installFactory(guardedCode);
    // One that was made while this was being built is an editor's, and is kept.
    if (QAccessibleInterface *former = QAccessible::queryAccessibleInterface(this))
        QAccessible::deleteAccessibleInterface(QAccessible::uniqueId(former));
}

QString CodeView::codeForReaders() const
{
    const QString code = toPlainText();
    return m_secret.isEmpty() ? code : QString(code).replace(m_secret, tr("(the key)"));
}

int CodeView::heightOf(int lines) const { return lines * QFontMetrics(font()).lineSpacing() + 2 * 10 + 4; }

void CodeView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColors();
}

void CodeView::applyColors()
{
    const ThemeColors &c = colorsOf(this);
    if (palette().color(QPalette::Base) != c.win) {
        QPalette own; // this role alone; the others follow the theme
        own.setColor(QPalette::Base, c.win);
        setPalette(own);
    }
    m_highlighter->setColors(c);
}


} // namespace ui::widgets
