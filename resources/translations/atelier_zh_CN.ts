<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
    <context>
        <name>AboutDialog</name>
        <message>
            <source>About {0}</source>
            <translation>关于 {0}</translation>
        </message>
        <message>
            <source>An offline studio for generative models: sliders that mean something, pictures that remember how they were made.</source>
            <translation>离线的生成模型工作室：每个滑块都有明确含义，每张图片都记得自己是如何生成的。</translation>
        </message>
        <message>
            <source>Apache License 2.0. Qt and PySide6 are used under the LGPL 3: you may replace them with your own build. Icons: Lucide (ISC licence).</source>
            <translation>Apache 许可证 2.0。Qt 与 PySide6 依 LGPL 3 使用，您可以换成自己构建的版本。图标：Lucide（ISC 许可证）。</translation>
        </message>
        <message>
            <source>Model {0} {1} ({2}): {3}</source>
            <translation>模型 {0} {1}（{2}）：{3}</translation>
        </message>
    </context>
    <context>
        <name>Amounts</name>
        <message>
            <source>less than a second</source>
            <translation>不到一秒</translation>
        </message>
        <message>
            <source>{0} s</source>
            <translation>{0} 秒</translation>
        </message>
        <message>
            <source>{0} min</source>
            <translation>{0} 分钟</translation>
        </message>
        <message>
            <source>{0} h {1} min</source>
            <translation>{0} 小时 {1} 分钟</translation>
        </message>
        <message numerus="yes">
            <source>%n picture(s)</source>
            <translation>
                <numerusform>%n 张图片</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n text(s)</source>
            <translation>
                <numerusform>%n 组文字</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n palette(s)</source>
            <translation>
                <numerusform>%n 个调色板</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>AxesField</name>
        <message>
            <source>Add a prompt slider</source>
            <translation>添加提示词滑块</translation>
        </message>
        <message>
            <source>None yet. A prompt slider goes from some words to others.</source>
            <translation>还没有。提示词滑块从一些词语走向另一些词语。</translation>
        </message>
    </context>
    <context>
        <name>AxisRow</name>
        <message>
            <source>{0}, value</source>
            <translation>{0}，数值</translation>
        </message>
        <message>
            <source>Remove “{0}”</source>
            <translation>移除“{0}”</translation>
        </message>
        <message>
            <source>From “{0}” to “{1}”: at 1 the whole way from one to the other.</source>
            <translation>从“{0}”到“{1}”：为 1 时走完全程。</translation>
        </message>
    </context>
    <context>
        <name>Badges</name>
        <message>
            <source>Usual</source>
            <translation>常见</translation>
        </message>
        <message>
            <source>Unusual</source>
            <translation>少见</translation>
        </message>
        <message>
            <source>Far out</source>
            <translation>远离常态</translation>
        </message>
        <message>
            <source>&lt;p&gt;Distance from the middle of what this model makes by itself: &lt;b&gt;{0}&lt;/b&gt;. 99 of 100 of its own pictures stay under 1. Beyond that it has seen little, and pictures may fall apart; whether you like them is yours to say.&lt;/p&gt;</source>
            <translation>&lt;p&gt;与该模型自身作品中心的距离：&lt;b&gt;{0}&lt;/b&gt;。它自己生成的图片 100 张中有 99 张在 1 以内。再远的地方它见得很少，图片可能会崩坏；喜不喜欢由您决定。&lt;/p&gt;</translation>
        </message>
        <message>
            <source>Bring back</source>
            <translation>拉回来</translation>
        </message>
        <message>
            <source>Pull the sliders and the start towards the middle, in one step</source>
            <translation>把滑块和起点一步拉向中心</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <source>The settings were changed after this result was made</source>
            <translation>此结果生成之后，设置有过更改</translation>
        </message>
        <message>
            <source>A look at unfinished work: it is still being made</source>
            <translation>尚未完成的预览：仍在生成中</translation>
        </message>
        <message>
            <source>Changed since this result</source>
            <translation>设置已更改</translation>
        </message>
        <message>
            <source>Draft · {0} px</source>
            <translation>草稿 · {0} 像素</translation>
        </message>
        <message>
            <source>A smaller picture, while you drag or from the history; the real one follows when you let go or press Run</source>
            <translation>较小的图片，用于拖动时或取自历史；松开或按“运行”后即得到真正的图片</translation>
        </message>
    </context>
    <context>
        <name>Banner</name>
        <message>
            <source>Dismiss</source>
            <translation>关闭提示</translation>
        </message>
    </context>
    <context>
        <name>BatchForm</name>
        <message>
            <source>First seed</source>
            <translation>起始种子</translation>
        </message>
        <message>
            <source>default settings</source>
            <translation>默认设置</translation>
        </message>
        <message>
            <source>about {0}</source>
            <translation>约 {0}</translation>
        </message>
        <message>
            <source>{0} free</source>
            <translation>剩余空间 {0}</translation>
        </message>
        <message>
            <source>Choose a folder.</source>
            <translation>请选择文件夹。</translation>
        </message>
        <message>
            <source>Count</source>
            <translation>数量</translation>
        </message>
        <message>
            <source>List</source>
            <translation>列表</translation>
        </message>
        <message>
            <source>Browse…</source>
            <translation>浏览…</translation>
        </message>
        <message>
            <source>Insert</source>
            <translation>插入</translation>
        </message>
        <message>
            <source>Seeds</source>
            <translation>种子</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>File names</source>
            <translation>文件名</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Forecast</source>
            <translation>预计</translation>
        </message>
        <message>
            <source>pictures, from seed</source>
            <translation>张图片，起始种子</translation>
        </message>
        <message>
            <source>Folder for the batch</source>
            <translation>批量输出文件夹</translation>
        </message>
        <message>
            <source>How many</source>
            <translation>数量</translation>
        </message>
        <message>
            <source>texts, from seed</source>
            <translation>组文字，起始种子</translation>
        </message>
        <message>
            <source>palettes, from seed</source>
            <translation>个调色板，起始种子</translation>
        </message>
        <message>
            <source>time not known before the first run</source>
            <translation>首次运行前无法估计时间</translation>
        </message>
        <message>
            <source>Save as</source>
            <translation>保存为</translation>
        </message>
        <message>
            <source>File name</source>
            <translation>文件名</translation>
        </message>
        <message>
            <source>A file for each</source>
            <translation>各存一个文件</translation>
        </message>
        <message>
            <source>One table for all (CSV)</source>
            <translation>合为一张表格（CSV）</translation>
        </message>
        <message>
            <source>One document for all (JSON)</source>
            <translation>合为一个文档（JSON）</translation>
        </message>
    </context>
    <context>
        <name>BatchWindow</name>
        <message>
            <source>Batch</source>
            <translation>批量生成</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>开始</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>You can go on working, or close this window: the batch continues.</source>
            <translation>您可以继续工作或关闭此窗口，批量生成会继续进行。</translation>
        </message>
        <message>
            <source>Cancel batch</source>
            <translation>取消批量</translation>
        </message>
        <message>
            <source>New batch</source>
            <translation>新建批量</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>打开文件夹</translation>
        </message>
        <message>
            <source>{0} left</source>
            <translation>剩余 {0}</translation>
        </message>
        <message>
            <source>Starting…</source>
            <translation>正在开始…</translation>
        </message>
        <message numerus="yes">
            <source>%n failed</source>
            <translation>
                <numerusform>%n 张失败</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n of them had been made before.</source>
            <translation>
                <numerusform>其中 %n 个此前已生成。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n could not be made:</source>
            <translation>
                <numerusform>%n 个未能生成：</numerusform>
            </translation>
        </message>
        <message>
            <source>In {0}, in {1}.</source>
            <translation>用时 {0}，保存在 {1}。</translation>
        </message>
        <message>
            <source>This folder holds an unfinished batch: {0} ({1}).</source>
            <translation>此文件夹中有未完成的批次：{0}（{1}）。</translation>
        </message>
        <message>
            <source>Resume it, or choose another place for a new one.</source>
            <translation>请继续它，或为新批次另选位置。</translation>
        </message>
        <message>
            <source>Stopping after what is at hand…</source>
            <translation>完成手头的工作后停止…</translation>
        </message>
        <message>
            <source>{0} of {1}</source>
            <translation>{0} / {1}</translation>
        </message>
        <message>
            <source>Stopped: {0} of {1} made</source>
            <translation>已停止：已生成 {0} / {1}</translation>
        </message>
        <message>
            <source>{0} made</source>
            <translation>已生成 {0}</translation>
        </message>
        <message>
            <source>It can be resumed now or later.</source>
            <translation>可以现在或以后继续。</translation>
        </message>
    </context>
    <context>
        <name>Canvas</name>
        <message>
            <source>Picture</source>
            <translation>图片</translation>
        </message>
        <message>
            <source>{0} by {1} pixels</source>
            <translation>{0} × {1} 像素</translation>
        </message>
    </context>
    <context>
        <name>Card</name>
        <message>
            <source>Show all</source>
            <translation>显示全部</translation>
        </message>
        <message>
            <source>Star (S)</source>
            <translation>加星标（S）</translation>
        </message>
        <message>
            <source>Copy (Enter)</source>
            <translation>复制（Enter）</translation>
        </message>
        <message>
            <source>Keep this one (K)</source>
            <translation>保留这一条（K）</translation>
        </message>
    </context>
    <context>
        <name>ColorField</name>
        <message>
            <source>{0}: choose a colour</source>
            <translation>{0}：选择颜色</translation>
        </message>
        <message>
            <source>{0}, as #rrggbb</source>
            <translation>{0}，格式 #rrggbb</translation>
        </message>
        <message>
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <source>Transparent</source>
            <translation>透明</translation>
        </message>
        <message>
            <source>{0}: transparent</source>
            <translation>{0}：透明</translation>
        </message>
    </context>
    <context>
        <name>Commands</name>
        <message>
            <source>&amp;File</source>
            <translation>文件(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>编辑(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;Models</source>
            <translation>模型(&amp;M)</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>视图(&amp;V)</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>帮助(&amp;H)</translation>
        </message>
        <message>
            <source>Save this result, with its recipe inside, in the keep folder</source>
            <translation>将此结果连同配方保存到保留文件夹</translation>
        </message>
        <message>
            <source>Copy result</source>
            <translation>复制结果</translation>
        </message>
        <message>
            <source>Copy the picture, the texts or the colours</source>
            <translation>复制图片、文字或颜色</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <source>Make the result of these settings</source>
            <translation>按当前设置生成结果</translation>
        </message>
        <message>
            <source>Run with a new seed</source>
            <translation>用新种子运行</translation>
        </message>
        <message>
            <source>Another result with the same settings</source>
            <translation>相同设置，另一个结果</translation>
        </message>
        <message>
            <source>Open model…</source>
            <translation>打开模型…</translation>
        </message>
        <message>
            <source>Choose one of your models</source>
            <translation>从您的模型中选择</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>保留</translation>
        </message>
        <message>
            <source>Open keep folder</source>
            <translation>打开保留文件夹</translation>
        </message>
        <message>
            <source>Batch…</source>
            <translation>批量生成…</translation>
        </message>
        <message>
            <source>Render many seeds with the present settings</source>
            <translation>用当前设置生成多个种子</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>退出</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>重做</translation>
        </message>
        <message>
            <source>New seed</source>
            <translation>新种子</translation>
        </message>
        <message>
            <source>Previous seed</source>
            <translation>上一个种子</translation>
        </message>
        <message>
            <source>Randomise sliders</source>
            <translation>随机调整滑块</translation>
        </message>
        <message>
            <source>Throw all sliders that are not locked</source>
            <translation>随机设置所有未锁定的滑块</translation>
        </message>
        <message>
            <source>Stop rendering</source>
            <translation>停止渲染</translation>
        </message>
        <message>
            <source>Reset everything</source>
            <translation>全部重置</translation>
        </message>
        <message>
            <source>Search what you kept</source>
            <translation>搜索保留的内容</translation>
        </message>
        <message>
            <source>Settings…</source>
            <translation>设置…</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>导入…</translation>
        </message>
        <message>
            <source>Bring in a checkpoint, an ONNX file or a model package</source>
            <translation>导入检查点、ONNX 文件或模型包</translation>
        </message>
        <message>
            <source>Import folder…</source>
            <translation>导入文件夹…</translation>
        </message>
        <message>
            <source>Bring in a diffusers or Transformers folder, or a package folder</source>
            <translation>导入 diffusers 或 Transformers 文件夹，或模型包文件夹</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>适合窗口</translation>
        </message>
        <message>
            <source>Show the whole picture</source>
            <translation>显示整张图片</translation>
        </message>
        <message>
            <source>Actual pixels</source>
            <translation>实际像素</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>放大</translation>
        </message>
        <message>
            <source>Zoom out</source>
            <translation>缩小</translation>
        </message>
        <message>
            <source>Control panel</source>
            <translation>控制面板</translation>
        </message>
        <message>
            <source>Kept pictures</source>
            <translation>保留的图片</translation>
        </message>
        <message>
            <source>Full screen</source>
            <translation>全屏</translation>
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>键盘快捷键</translation>
        </message>
        <message>
            <source>Open log folder</source>
            <translation>打开日志文件夹</translation>
        </message>
        <message>
            <source>Restart engine</source>
            <translation>重启引擎</translation>
        </message>
        <message>
            <source>Start the process that runs models again; nothing is lost</source>
            <translation>重新启动运行模型的进程，不会丢失任何内容</translation>
        </message>
        <message>
            <source>About Latent Atelier</source>
            <translation>关于 Latent Atelier</translation>
        </message>
        <message>
            <source>About Qt</source>
            <translation>关于 Qt</translation>
        </message>
        <message>
            <source>Create</source>
            <translation>创作</translation>
        </message>
        <message>
            <source>The open model: its sliders and what it makes</source>
            <translation>当前模型：它的滑块和生成的内容</translation>
        </message>
        <message>
            <source>Library</source>
            <translation>收藏库</translation>
        </message>
        <message>
            <source>Everything you kept, to look through, sort and find</source>
            <translation>您保留的所有内容：浏览、排序、查找</translation>
        </message>
        <message>
            <source>Hi&amp;story</source>
            <translation>历史(&amp;S)</translation>
        </message>
        <message>
            <source>New document</source>
            <translation>新建文档</translation>
        </message>
        <message>
            <source>An empty history, which begins with what you see</source>
            <translation>空的历史，从当前画面开始</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>打开…</translation>
        </message>
        <message>
            <source>A document, or the state inside a kept picture, text or palette</source>
            <translation>文档，或已保留的图片、文本、调色板中的状态</translation>
        </message>
        <message>
            <source>Open recent</source>
            <translation>最近打开</translation>
        </message>
        <message>
            <source>Save document</source>
            <translation>保存文档</translation>
        </message>
        <message>
            <source>All states of the history, their pictures and sources, in one file</source>
            <translation>历史中的所有状态及其图片和来源，存入一个文件</translation>
        </message>
        <message>
            <source>Save document as…</source>
            <translation>文档另存为…</translation>
        </message>
        <message>
            <source>Keep as…</source>
            <translation>保留为…</translation>
        </message>
        <message>
            <source>Pin this state</source>
            <translation>置顶此状态</translation>
        </message>
        <message>
            <source>Mark this state: pinned ones are never thinned out</source>
            <translation>标记此状态：置顶的状态永远不会被清理</translation>
        </message>
        <message>
            <source>Name this state…</source>
            <translation>命名此状态…</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>比较</translation>
        </message>
        <message>
            <source>Two states that you picked with Ctrl, or this one and the one before</source>
            <translation>用 Ctrl 选取的两个状态，或当前状态与前一状态</translation>
        </message>
        <message>
            <source>Delete branch from here</source>
            <translation>删除此处起的分支</translation>
        </message>
        <message>
            <source>State before</source>
            <translation>前一状态</translation>
        </message>
        <message>
            <source>State after</source>
            <translation>后一状态</translation>
        </message>
        <message>
            <source>Branch to the left</source>
            <translation>左侧分支</translation>
        </message>
        <message>
            <source>Branch to the right</source>
            <translation>右侧分支</translation>
        </message>
        <message>
            <source>Show history</source>
            <translation>显示历史</translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message>
            <source>Comparison</source>
            <translation>比较</translation>
        </message>
    </context>
    <context>
        <name>CompareWorkspace</name>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Make A</source>
            <translation>生成 A</translation>
        </message>
        <message>
            <source>Make B</source>
            <translation>生成 B</translation>
        </message>
        <message>
            <source>Use A</source>
            <translation>使用 A</translation>
        </message>
        <message>
            <source>Use B</source>
            <translation>使用 B</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>比较</translation>
        </message>
        <message>
            <source>Side by side</source>
            <translation>并排</translation>
        </message>
        <message>
            <source>One over the other</source>
            <translation>重叠</translation>
        </message>
        <message>
            <source>Hold Space: each in the other's place</source>
            <translation>按住空格键：两者互换位置</translation>
        </message>
        <message>
            <source>What differs</source>
            <translation>差别</translation>
        </message>
        <message>
            <source>Nothing differs</source>
            <translation>没有差别</translation>
        </message>
    </context>
    <context>
        <name>Comparer</name>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>This model is slow, and its picture is not at hand any more.</source>
            <translation>此模型较慢，它的图片已不在手边。</translation>
        </message>
        <message>
            <source>The picture is being made…</source>
            <translation>正在生成图片…</translation>
        </message>
    </context>
    <context>
        <name>ControlPanel</name>
        <message>
            <source>Controls</source>
            <translation>控制项</translation>
        </message>
    </context>
    <context>
        <name>Controls</name>
        <message>
            <source>on</source>
            <translation>开</translation>
        </message>
        <message>
            <source>off</source>
            <translation>关</translation>
        </message>
        <message>
            <source>changed</source>
            <translation>已更改</translation>
        </message>
        <message>
            <source>taken away</source>
            <translation>已移除</translation>
        </message>
    </context>
    <context>
        <name>CrashReporter</name>
        <message>
            <source>Something went wrong inside Latent Atelier.</source>
            <translation>Latent Atelier 内部出现了问题。</translation>
        </message>
        <message>
            <source>This is a fault of the program, not yours. Your work is kept and you can go on. If it happens again, please report it with the log file:
{0}</source>
            <translation>这是程序的错误，与您无关。您的工作已保留，可以继续。如果再次发生，请附上日志文件反馈：
{0}</translation>
        </message>
        <message>
            <source>Copy report</source>
            <translation>复制报告</translation>
        </message>
    </context>
    <context>
        <name>CreateWorkspace</name>
        <message>
            <source>Starting the engine</source>
            <translation>正在启动引擎</translation>
        </message>
        <message>
            <source>The first picture appears in a moment.</source>
            <translation>第一张图片马上出现。</translation>
        </message>
        <message>
            <source>Nothing made yet</source>
            <translation>尚未生成</translation>
        </message>
        <message>
            <source>Set what you like, then press Run ({0}).</source>
            <translation>设置好后，按“运行”（{0}）。</translation>
        </message>
        <message>
            <source>Unfinished</source>
            <translation>未完成</translation>
        </message>
        <message>
            <source>Stopped: the picture shows the settings before</source>
            <translation>已停止：图片显示的是之前的设置</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>It is being started again. Nothing is lost.</source>
            <translation>正在重新启动，不会丢失任何内容。</translation>
        </message>
        <message>
            <source>It ended too often to be started again by itself. Your work is safe: try other values, then start the engine from the Help menu.</source>
            <translation>引擎多次中断，不再自动重启。您的工作是安全的：请尝试其他数值，然后从“帮助”菜单重启引擎。</translation>
        </message>
    </context>
    <context>
        <name>Deeds</name>
        <message>
            <source>Import</source>
            <translation>导入</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>所有文件 (*)</translation>
        </message>
        <message>
            <source>Import folder</source>
            <translation>导入文件夹</translation>
        </message>
        <message>
            <source>Save as</source>
            <translation>另存为</translation>
        </message>
        <message>
            <source>PNG picture (*.png)</source>
            <translation>PNG 图片 (*.png)</translation>
        </message>
        <message>
            <source>Text (*.txt)</source>
            <translation>文本 (*.txt)</translation>
        </message>
        <message>
            <source>JSON (*.json)</source>
            <translation>JSON (*.json)</translation>
        </message>
        <message>
            <source>Table (*.csv)</source>
            <translation>表格 (*.csv)</translation>
        </message>
        <message>
            <source>GIMP and Inkscape palette (*.gpl)</source>
            <translation>GIMP 与 Inkscape 调色板 (*.gpl)</translation>
        </message>
        <message>
            <source>CSS variables (*.css)</source>
            <translation>CSS 变量 (*.css)</translation>
        </message>
        <message>
            <source>Only a draft so far: the real picture is being made</source>
            <translation>目前只有草稿：正式图片正在生成</translation>
        </message>
        <message>
            <source>Picture copied</source>
            <translation>图片已复制</translation>
        </message>
    </context>
    <context>
        <name>EmptyState</name>
        <message>
            <source>Open a model…</source>
            <translation>打开模型…</translation>
        </message>
    </context>
    <context>
        <name>Files</name>
        <message>
            <source>Open</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>New document</source>
            <translation>新文档</translation>
        </message>
        <message>
            <source>Documents and kept results (*.atelier *.png *.txt *.json *.csv *.gpl *.css)</source>
            <translation>文档和已保留的结果 (*.atelier *.png *.txt *.json *.csv *.gpl *.css)</translation>
        </message>
        <message>
            <source>Save document</source>
            <translation>保存文档</translation>
        </message>
        <message>
            <source>Latent Atelier document (*.atelier)</source>
            <translation>Latent Atelier 文档 (*.atelier)</translation>
        </message>
        <message>
            <source>Save the history of this document first?</source>
            <translation>是否先保存此文档的历史？</translation>
        </message>
        <message>
            <source>Save the changes to “{0}” before closing?</source>
            <translation>关闭前是否保存对“{0}”的更改？</translation>
        </message>
        <message>
            <source>None yet</source>
            <translation>暂无</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>文档</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>保存</translation>
        </message>
        <message>
            <source>Do not save</source>
            <translation>不保存</translation>
        </message>
        <message>
            <source>Saved “{0}”</source>
            <translation>已保存“{0}”</translation>
        </message>
        <message numerus="yes">
            <source>{0}, without %n source picture(s) that this machine does not have</source>
            <translation>
                <numerusform>{0}，缺少本机没有的 %n 张来源图片</numerusform>
            </translation>
        </message>
        <message>
            <source>Opened “{0}”</source>
            <translation>已打开“{0}”</translation>
        </message>
    </context>
    <context>
        <name>Filmstrip</name>
        <message>
            <source>Kept results</source>
            <translation>保留的结果</translation>
        </message>
        <message>
            <source>Search what you kept</source>
            <translation>搜索保留的内容</translation>
        </message>
        <message>
            <source>Finds by meaning: what was asked for and what was written</source>
            <translation>按含义查找：提示词与生成的文字</translation>
        </message>
        <message>
            <source>Nothing like that was kept</source>
            <translation>没有保留类似的内容</translation>
        </message>
        <message>
            <source>What you keep (Ctrl+S) appears here. Click it to come back to it.</source>
            <translation>保留的内容（Ctrl+S）会出现在这里，点击即可恢复。</translation>
        </message>
    </context>
    <context>
        <name>FindDialog</name>
        <message>
            <source>Find it in this model</source>
            <translation>在此模型中寻找</translation>
        </message>
        <message>
            <source>Looking for “{0}” in “{1}”…</source>
            <translation>正在“{1}”中寻找“{0}”…</translation>
        </message>
        <message>
            <source>Use it as the start</source>
            <translation>以此为起点</translation>
        </message>
        <message>
            <source>The point found becomes the start, all directions go to 0: one undo step</source>
            <translation>找到的点成为起点，所有方向归零：一步即可撤销</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Your picture, as the model sees it</source>
            <translation>您的图片（模型所见）</translation>
        </message>
        <message>
            <source>What the model makes of it</source>
            <translation>模型重现的结果</translation>
        </message>
        <message>
            <source>Very close</source>
            <translation>非常接近</translation>
        </message>
        <message>
            <source>Similar</source>
            <translation>相似</translation>
        </message>
        <message>
            <source>Only roughly alike</source>
            <translation>仅大致相像</translation>
        </message>
        <message>
            <source>Mean difference {0} of 255 steps (PSNR {1} dB). The model can only make what it has learned: what it has never seen comes out as something like it.</source>
            <translation>平均差异 {0}（共 255 级，PSNR {1} dB）。模型只能生成它学过的东西：没见过的会变成与之相近的样子。</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
    </context>
    <context>
        <name>Finder</name>
        <message>
            <source>Start from {0}</source>
            <translation>从 {0} 出发</translation>
        </message>
    </context>
    <context>
        <name>Giver</name>
        <message>
            <source>Palette used in {0}</source>
            <translation>调色板已用于 {0}</translation>
        </message>
        <message>
            <source>There is no picture on the canvas yet</source>
            <translation>画布上还没有图片</translation>
        </message>
        <message>
            <source>“{0}” is the source picture now</source>
            <translation>“{0}”现为来源图片</translation>
        </message>
        <message>
            <source>Restore its recipe instead</source>
            <translation>改为恢复其配方</translation>
        </message>
    </context>
    <context>
        <name>Group</name>
        <message>
            <source>Show fewer</source>
            <translation>收起</translation>
        </message>
        <message numerus="yes">
            <source>%n more</source>
            <translation>
                <numerusform>还有 %n 个</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n set</source>
            <translation>
                <numerusform>%n 个已调整</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>HistoryList</name>
        <message>
            <source>History</source>
            <translation>历史</translation>
        </message>
    </context>
    <context>
        <name>HistoryPanel</name>
        <message>
            <source>What you make appears here by itself: every state that stood a moment. Go back to one and change something, and a branch begins.</source>
            <translation>您的作品会自动出现在这里：每个停留片刻的状态。回到某个状态并做出更改，就会开始一个分支。</translation>
        </message>
        <message>
            <source>History</source>
            <translation>历史</translation>
        </message>
    </context>
    <context>
        <name>ImageField</name>
        <message>
            <source>Drop a picture here, or click to choose one</source>
            <translation>将图片拖到此处，或点击选择</translation>
        </message>
        <message>
            <source>Use the picture on the canvas</source>
            <translation>使用画布上的图片</translation>
        </message>
        <message>
            <source>Paste a picture</source>
            <translation>粘贴图片</translation>
        </message>
        <message>
            <source>No picture</source>
            <translation>不使用图片</translation>
        </message>
        <message>
            <source>The picture is being read…</source>
            <translation>正在读取图片…</translation>
        </message>
        <message>
            <source>Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif)</source>
            <translation>图片 (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif)</translation>
        </message>
    </context>
    <context>
        <name>Import</name>
        <message>
            <source>My own work: all rights reserved</source>
            <translation>我自己的作品：保留所有权利</translation>
        </message>
        <message>
            <source>I do not know</source>
            <translation>我不知道</translation>
        </message>
        <message>
            <source>safetensors file</source>
            <translation>safetensors 文件</translation>
        </message>
        <message>
            <source>PyTorch file</source>
            <translation>PyTorch 文件</translation>
        </message>
        <message>
            <source>PyTorch file, old format</source>
            <translation>PyTorch 文件（旧格式）</translation>
        </message>
        <message>
            <source>StyleGAN pickle</source>
            <translation>StyleGAN pickle 文件</translation>
        </message>
        <message>
            <source>diffusers folder</source>
            <translation>diffusers 文件夹</translation>
        </message>
        <message>
            <source>Transformers folder</source>
            <translation>Transformers 文件夹</translation>
        </message>
        <message>
            <source>ONNX file</source>
            <translation>ONNX 文件</translation>
        </message>
        <message>
            <source>ONNX folder</source>
            <translation>ONNX 文件夹</translation>
        </message>
        <message>
            <source>model package</source>
            <translation>模型包</translation>
        </message>
        <message>
            <source>Read the file</source>
            <translation>读取文件</translation>
        </message>
        <message>
            <source>Recognise the network</source>
            <translation>识别网络</translation>
        </message>
        <message>
            <source>Build the network</source>
            <translation>构建网络</translation>
        </message>
        <message>
            <source>Look for directions</source>
            <translation>寻找方向</translation>
        </message>
        <message>
            <source>Ask PyTorch for its answers</source>
            <translation>获取 PyTorch 的结果</translation>
        </message>
        <message>
            <source>Translate the network</source>
            <translation>转换网络</translation>
        </message>
        <message>
            <source>Make smaller weights</source>
            <translation>制作更小的权重</translation>
        </message>
        <message>
            <source>Compare both, picture by picture</source>
            <translation>逐张对比两者</translation>
        </message>
        <message>
            <source>Judge the differences</source>
            <translation>评判差异</translation>
        </message>
        <message>
            <source>Pack it with its sheet</source>
            <translation>打包并附上样张</translation>
        </message>
        <message>
            <source>Try it out</source>
            <translation>试运行</translation>
        </message>
        <message>
            <source>Put it on the shelf</source>
            <translation>放入模型架</translation>
        </message>
        <message>
            <source>Full (fp32)</source>
            <translation>全精度 (fp32)</translation>
        </message>
        <message>
            <source>as trained; the quickest on a processor</source>
            <translation>与训练时相同；在处理器上最快</translation>
        </message>
        <message>
            <source>Half (fp16)</source>
            <translation>半精度 (fp16)</translation>
        </message>
        <message>
            <source>half the size; for graphics cards</source>
            <translation>大小减半；适合显卡</translation>
        </message>
        <message>
            <source>Eight bits (int8)</source>
            <translation>8 位 (int8)</translation>
        </message>
        <message>
            <source>a quarter of the size; pictures differ a little</source>
            <translation>大小为四分之一；图片略有差异</translation>
        </message>
        <message>
            <source>Four bits (int4)</source>
            <translation>四位 (int4)</translation>
        </message>
        <message>
            <source>the quickest and smallest for texts; they differ</source>
            <translation>文字模型中最快最小；结果会有差异</translation>
        </message>
        <message>
            <source>It runs.</source>
            <translation>可以运行。</translation>
        </message>
        <message>
            <source>The file came without its origin, so there was nothing to compare it with.</source>
            <translation>该文件没有附带原始模型，因此无从对比。</translation>
        </message>
        <message>
            <source>The pictures are the same.</source>
            <translation>图片一致。</translation>
        </message>
        <message>
            <source>The answers are the same.</source>
            <translation>结果一致。</translation>
        </message>
        <message>
            <source>The pictures agree within what is allowed.</source>
            <translation>图片差异在允许范围内。</translation>
        </message>
        <message>
            <source>The answers agree within what is allowed.</source>
            <translation>结果差异在允许范围内。</translation>
        </message>
        <message>
            <source>PyTorch and the package were given the same inputs: the largest difference of any number is {0} of its range; {1} is allowed.</source>
            <translation>PyTorch 与模型包使用了相同的输入：任一数值的最大差异为其范围的 {0}；允许 {1}。</translation>
        </message>
        <message>
            <source>This file carries program code. It was not run, and it will not be: only the numbers are read.</source>
            <translation>此文件含有程序代码。代码没有运行，也不会运行：只读取其中的数值。</translation>
        </message>
    </context>
    <context>
        <name>ImportCard</name>
        <message>
            <source>How it was recognised</source>
            <translation>如何识别的</translation>
        </message>
        <message>
            <source>Assumed, because the file does not say</source>
            <translation>文件未说明，因此作了假设</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Convert</source>
            <translation>转换</translation>
        </message>
        <message>
            <source>Add to my models</source>
            <translation>加入我的模型</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>About the model</source>
            <translation>关于模型</translation>
        </message>
        <message>
            <source>What will be made</source>
            <translation>将生成的内容</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>精度</translation>
        </message>
        <message>
            <source>Recommended here</source>
            <translation>此处推荐</translation>
        </message>
        <message>
            <source>Each becomes a model of its own, and each is compared with the original.</source>
            <translation>每种精度各成为一个模型，并各自与原始模型对比。</translation>
        </message>
        <message>
            <source>Choose at least one precision.</source>
            <translation>请至少选择一种精度。</translation>
        </message>
    </context>
    <context>
        <name>ImportEnd</name>
        <message>
            <source>Details</source>
            <translation>详细信息</translation>
        </message>
        <message>
            <source>Open report</source>
            <translation>打开报告</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>返回</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>This version cannot run models of this kind yet: the package waits on the shelf.</source>
            <translation>此版本还不能运行这类模型：模型包已放入模型架备用。</translation>
        </message>
        <message>
            <source>“{0}” is among your models.</source>
            <translation>“{0}”已加入您的模型。</translation>
        </message>
        <message>
            <source>Made in {0}, with {1} of memory at most.</source>
            <translation>用时 {0}，最多占用内存 {1}。</translation>
        </message>
        <message>
            <source>PyTorch</source>
            <translation>PyTorch 原图</translation>
        </message>
        <message>
            <source>Package</source>
            <translation>模型包</translation>
        </message>
        <message>
            <source>Mean difference: {0} of 255 steps</source>
            <translation>平均差异：{0}（共 255 级）</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>精度</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>大小</translation>
        </message>
        <message>
            <source>Difference</source>
            <translation>差异</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>用时</translation>
        </message>
        <message>
            <source>Speed</source>
            <translation>速度</translation>
        </message>
        <message>
            <source>{0} ms</source>
            <translation>{0} 毫秒</translation>
        </message>
        <message>
            <source>{0} × PyTorch</source>
            <translation>PyTorch 的 {0} 倍</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>Open {0}</source>
            <translation>打开 {0}</translation>
        </message>
        <message>
            <source>Make it too</source>
            <translation>也制作此精度</translation>
        </message>
        <message>
            <source>Make {0} too</source>
            <translation>也制作 {0}</translation>
        </message>
        <message>
            <source>Did not pass</source>
            <translation>未通过</translation>
        </message>
        <message>
            <source>Recommended</source>
            <translation>推荐</translation>
        </message>
        <message>
            <source>The smallest that passed. The larger ones are nearer to the original.</source>
            <translation>通过的精度中最小的一种。更大的更接近原始模型。</translation>
        </message>
    </context>
    <context>
        <name>ImportForm</name>
        <message>
            <source>Choose one, or type it</source>
            <translation>选择一项，或自行输入</translation>
        </message>
        <message>
            <source>Who made it; shown with the model</source>
            <translation>作者；会随模型显示</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>名称</translation>
        </message>
        <message>
            <source>Licence</source>
            <translation>许可</translation>
        </message>
        <message>
            <source>Credit</source>
            <translation>署名</translation>
        </message>
        <message>
            <source>So the files of the model say.</source>
            <translation>模型文件中如此说明。</translation>
        </message>
        <message>
            <source>It is written into the package and into what you share: say what you know.</source>
            <translation>它会写入模型包和您分享的内容：请如实填写。</translation>
        </message>
        <message>
            <source>Give it a name.</source>
            <translation>请起一个名称。</translation>
        </message>
        <message>
            <source>Choose a licence: “I do not know” is an answer too.</source>
            <translation>请选择许可：“我不知道”也可以。</translation>
        </message>
        <message>
            <source>Answer: {0}</source>
            <translation>请回答：{0}</translation>
        </message>
    </context>
    <context>
        <name>ImportRun</name>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>You can go on working, or close this window: the conversion continues.</source>
            <translation>您可以继续工作，或关闭此窗口：转换会继续进行。</translation>
        </message>
        <message>
            <source>Starting…</source>
            <translation>正在启动…</translation>
        </message>
        <message>
            <source>{0} left</source>
            <translation>剩余 {0}</translation>
        </message>
        <message>
            <source>Stopping…</source>
            <translation>正在停止…</translation>
        </message>
    </context>
    <context>
        <name>ImportWindow</name>
        <message>
            <source>Import model</source>
            <translation>导入模型</translation>
        </message>
        <message>
            <source>Looking at “{0}”</source>
            <translation>正在查看“{0}”</translation>
        </message>
        <message>
            <source>“{0}” was not taken in</source>
            <translation>未能导入“{0}”</translation>
        </message>
        <message>
            <source>“{0}” could not be converted</source>
            <translation>“{0}”无法转换</translation>
        </message>
        <message>
            <source>Converting “{0}”</source>
            <translation>正在转换“{0}”</translation>
        </message>
    </context>
    <context>
        <name>Importer</name>
        <message>
            <source>Converting “{0}”</source>
            <translation>正在转换“{0}”</translation>
        </message>
        <message>
            <source>Converting “{0}”: {1} %</source>
            <translation>正在转换“{0}”：{1} %</translation>
        </message>
        <message>
            <source>“{0}” is converted</source>
            <translation>“{0}”已转换完成</translation>
        </message>
        <message>
            <source>“{0}” could not be converted</source>
            <translation>“{0}”无法转换</translation>
        </message>
    </context>
    <context>
        <name>Keepsakes</name>
        <message numerus="yes">
            <source>%n copied</source>
            <translation>
                <numerusform>已复制 %n 项</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>KeptDeeds</name>
        <message>
            <source>Take “{0}” out of the library?</source>
            <translation>要把“{0}”移出收藏库吗？</translation>
        </message>
        <message numerus="yes">
            <source>Take %n results out of the library?</source>
            <translation>
                <numerusform>要把 %n 项移出收藏库吗？</numerusform>
            </translation>
        </message>
        <message>
            <source>Rating and tags are lost. The file itself stays where it is.</source>
            <translation>评分和标签会丢失，文件本身保留在原处。</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>移出</translation>
        </message>
        <message>
            <source>Add folder</source>
            <translation>添加文件夹</translation>
        </message>
        <message>
            <source>The likest to “{0}” first</source>
            <translation>与“{0}”最相似的排在前面</translation>
        </message>
        <message>
            <source>Show everything</source>
            <translation>显示全部</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>复制</translation>
        </message>
        <message>
            <source>Copy text</source>
            <translation>复制文字</translation>
        </message>
        <message>
            <source>Copy colours</source>
            <translation>复制颜色</translation>
        </message>
        <message>
            <source>Copy recipe</source>
            <translation>复制配方</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>在文件夹中显示</translation>
        </message>
        <message>
            <source>Rating</source>
            <translation>评分</translation>
        </message>
        <message>
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <source>Forget…</source>
            <translation>移出收藏库…</translation>
        </message>
        <message>
            <source>Restore</source>
            <translation>恢复</translation>
        </message>
        <message>
            <source>Use as source picture</source>
            <translation>用作源图片</translation>
        </message>
        <message>
            <source>Recolour with it</source>
            <translation>用它重新着色</translation>
        </message>
        <message>
            <source>Use palette</source>
            <translation>使用此配色</translation>
        </message>
        <message>
            <source>Find similar</source>
            <translation>查找相似</translation>
        </message>
        <message>
            <source>Show in the library</source>
            <translation>在收藏库中显示</translation>
        </message>
        <message numerus="yes">
            <source>%n added</source>
            <translation>
                <numerusform>已添加 %n 项</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n known before</source>
            <translation>
                <numerusform>%n 项已在库中</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n without a recipe</source>
            <translation>
                <numerusform>%n 个文件不含配方</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n results</source>
            <translation>
                <numerusform>%n 项</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>KeptDetails</name>
        <message>
            <source>The file is not where it was. Add the folder it is in now, and it is found again.</source>
            <translation>文件不在原处。添加它现在所在的文件夹，即可重新找到。</translation>
        </message>
        <message>
            <source>Restore</source>
            <translation>恢复</translation>
        </message>
        <message>
            <source>Bring back exactly what made it (Enter)</source>
            <translation>准确恢复生成它的状态（回车）</translation>
        </message>
        <message>
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <source>What can be done with it</source>
            <translation>可以用它做什么</translation>
        </message>
        <message>
            <source>Choose something to see how it was made.</source>
            <translation>选择一项，查看它是如何生成的。</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>标签</translation>
        </message>
        <message>
            <source>Made from</source>
            <translation>来源</translation>
        </message>
        <message>
            <source>Made from it</source>
            <translation>由它而来</translation>
        </message>
    </context>
    <context>
        <name>KeptFacts</name>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>种子</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>提示词</translation>
        </message>
        <message>
            <source>Text</source>
            <translation>文字</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>尺寸</translation>
        </message>
        <message>
            <source>Kept</source>
            <translation>保留于</translation>
        </message>
        <message>
            <source>File</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>文件夹</translation>
        </message>
    </context>
    <context>
        <name>LibraryBar</name>
        <message>
            <source>Search by words or meaning</source>
            <translation>按文字或含义搜索</translation>
        </message>
        <message>
            <source>Search the library</source>
            <translation>搜索收藏库</translation>
        </message>
        <message>
            <source>Finds by meaning: what was asked for and what was written</source>
            <translation>按含义查找：写过的提示词和生成的文字</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>类型</translation>
        </message>
        <message>
            <source>All kinds</source>
            <translation>所有类型</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>图片</translation>
        </message>
        <message>
            <source>Texts</source>
            <translation>文本</translation>
        </message>
        <message>
            <source>Palettes</source>
            <translation>配色</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>All models</source>
            <translation>所有模型</translation>
        </message>
        <message>
            <source>Rating</source>
            <translation>评分</translation>
        </message>
        <message>
            <source>Any rating</source>
            <translation>任意评分</translation>
        </message>
        <message>
            <source> or more</source>
            <translation> 及以上</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>标签</translation>
        </message>
        <message>
            <source>Sort</source>
            <translation>排序</translation>
        </message>
        <message>
            <source>Best match</source>
            <translation>最匹配</translation>
        </message>
        <message>
            <source>Newest first</source>
            <translation>最新在前</translation>
        </message>
        <message>
            <source>Oldest first</source>
            <translation>最早在前</translation>
        </message>
        <message>
            <source>Best rated first</source>
            <translation>评分高在前</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>按名称</translation>
        </message>
        <message>
            <source>Only missing files</source>
            <translation>仅丢失的文件</translation>
        </message>
        <message>
            <source>No tags yet: give some in the details</source>
            <translation>还没有标签：可在详情中添加</translation>
        </message>
        <message>
            <source>All tags</source>
            <translation>所有标签</translation>
        </message>
    </context>
    <context>
        <name>LibraryWorkspace</name>
        <message>
            <source>Library</source>
            <translation>收藏库</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Add folder…</source>
            <translation>添加文件夹…</translation>
        </message>
        <message numerus="yes">
            <source>%n kept</source>
            <translation>
                <numerusform>共 %n 项</numerusform>
            </translation>
        </message>
        <message>
            <source>Size of the pictures</source>
            <translation>图片大小</translation>
        </message>
        <message>
            <source>Adding</source>
            <translation>正在添加</translation>
        </message>
        <message>
            <source>Add a folder of kept files; or drop one here</source>
            <translation>添加存有保留文件的文件夹，也可以拖到这里</translation>
        </message>
        <message>
            <source>Nothing like this</source>
            <translation>没有这样的内容</translation>
        </message>
        <message>
            <source>Nothing that you kept answers all of this.</source>
            <translation>您保留的内容中没有符合全部条件的。</translation>
        </message>
        <message>
            <source>Show everything</source>
            <translation>显示全部</translation>
        </message>
        <message>
            <source>Nothing kept yet</source>
            <translation>还没有保留任何内容</translation>
        </message>
        <message>
            <source>What you keep while you create comes here by itself. Files that you kept before can be added.</source>
            <translation>创作时保留的内容会自动出现在这里，以前保留的文件也可以添加进来。</translation>
        </message>
        <message numerus="yes">
            <source>%n found</source>
            <translation>
                <numerusform>找到 %n 项</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>No model</source>
            <translation>没有模型</translation>
        </message>
        <message>
            <source>Tools</source>
            <translation>工具</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
    </context>
    <context>
        <name>MaskBar</name>
        <message>
            <source>Brush (X)</source>
            <translation>画笔（X）</translation>
        </message>
        <message>
            <source>Eraser (X)</source>
            <translation>橡皮擦（X）</translation>
        </message>
        <message>
            <source>Size of the brush ([ and ])</source>
            <translation>画笔大小（[ 和 ]）</translation>
        </message>
        <message>
            <source>Softness of its edge</source>
            <translation>边缘柔和度</translation>
        </message>
        <message>
            <source>Colour of the mask on the screen</source>
            <translation>蒙版在屏幕上的颜色</translation>
        </message>
        <message>
            <source>Invert the mask</source>
            <translation>反转蒙版</translation>
        </message>
        <message>
            <source>Clear the mask</source>
            <translation>清除蒙版</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>完成</translation>
        </message>
        <message>
            <source>Back to the result (Esc)</source>
            <translation>返回结果（Esc）</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>大小</translation>
        </message>
        <message>
            <source>Softness</source>
            <translation>柔和度</translation>
        </message>
        <message>
            <source>Red</source>
            <translation>红</translation>
        </message>
        <message>
            <source>Green</source>
            <translation>绿</translation>
        </message>
        <message>
            <source>Blue</source>
            <translation>蓝</translation>
        </message>
        <message>
            <source>Yellow</source>
            <translation>黄</translation>
        </message>
    </context>
    <context>
        <name>MaskField</name>
        <message>
            <source>Paint</source>
            <translation>绘制</translation>
        </message>
        <message>
            <source>{0}: paint on the canvas</source>
            <translation>{0}：在画布上绘制</translation>
        </message>
        <message>
            <source>Invert the mask</source>
            <translation>反转蒙版</translation>
        </message>
        <message>
            <source>No mask</source>
            <translation>不使用蒙版</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>完成</translation>
        </message>
        <message>
            <source>Choose a source picture first</source>
            <translation>请先选择来源图片</translation>
        </message>
        <message>
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <source>Needs a source</source>
            <translation>需要来源图片</translation>
        </message>
    </context>
    <context>
        <name>ModelsDialog</name>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>移除</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>导入…</translation>
        </message>
        <message>
            <source>No models yet. Import a checkpoint, an ONNX file or a package, or drop one on the window.</source>
            <translation>还没有模型。请导入检查点、ONNX 文件或模型包，或把它拖到窗口上。</translation>
        </message>
        <message>
            <source>To bring in a checkpoint, an ONNX file or a package, drop it on the window.</source>
            <translation>要导入检查点、ONNX 文件或模型包，把它拖到窗口上即可。</translation>
        </message>
        <message>
            <source>Remove model</source>
            <translation>移除模型</translation>
        </message>
        <message>
            <source>Remove “{0}” from your models? Pictures made with it stay, but cannot be made again without it.</source>
            <translation>要移除模型“{0}”吗？用它生成的图片会保留，但没有它就无法重新生成。</translation>
        </message>
    </context>
    <context>
        <name>NameLabel</name>
        <message>
            <source>Name of the slider</source>
            <translation>滑块名称</translation>
        </message>
    </context>
    <context>
        <name>NewAxis</name>
        <message>
            <source>from: calm, quiet</source>
            <translation>从：calm, quiet</translation>
        </message>
        <message>
            <source>to: wild</source>
            <translation>到：wild</translation>
        </message>
        <message>
            <source>From these words</source>
            <translation>从这些词语</translation>
        </message>
        <message>
            <source>To these words</source>
            <translation>到这些词语</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>添加</translation>
        </message>
    </context>
    <context>
        <name>Notice</name>
        <message>
            <source>Command</source>
            <translation>命令</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>复制</translation>
        </message>
    </context>
    <context>
        <name>Opener</name>
        <message>
            <source>Use the installed version</source>
            <translation>使用已安装的版本</translation>
        </message>
        <message>
            <source>Restore {0}</source>
            <translation>恢复 {0}</translation>
        </message>
        <message>
            <source>Go to “{0}”</source>
            <translation>前往“{0}”</translation>
        </message>
    </context>
    <context>
        <name>PaletteBoard</name>
        <message>
            <source>Copy all</source>
            <translation>全部复制</translation>
        </message>
        <message>
            <source>Use palette</source>
            <translation>使用调色板</translation>
        </message>
        <message>
            <source>Give these colours to a model that takes a palette</source>
            <translation>将这些颜色交给可用调色板的模型</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>保留</translation>
        </message>
        <message numerus="yes">
            <source>%n colour(s)</source>
            <translation>
                <numerusform>%n 种颜色</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n colour(s) copied</source>
            <translation>
                <numerusform>已复制 %n 种颜色</numerusform>
            </translation>
        </message>
        <message>
            <source>{0} copied</source>
            <translation>已复制 {0}</translation>
        </message>
    </context>
    <context>
        <name>PaletteField</name>
        <message>
            <source>From the model</source>
            <translation>由模型决定</translation>
        </message>
        <message>
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <source>Paste colours (#rrggbb, any number of them)</source>
            <translation>粘贴颜色（#rrggbb，数量不限）</translation>
        </message>
        <message>
            <source>Copy the colours</source>
            <translation>复制颜色</translation>
        </message>
        <message>
            <source>The model's own colours</source>
            <translation>模型自己的颜色</translation>
        </message>
        <message>
            <source>No colours</source>
            <translation>不使用颜色</translation>
        </message>
    </context>
    <context>
        <name>Palettes</name>
        <message>
            <source>Looking at your models…</source>
            <translation>正在查看模型…</translation>
        </message>
        <message>
            <source>in {0}</source>
            <translation>用于 {0}</translation>
        </message>
        <message>
            <source>None of your models takes a palette</source>
            <translation>没有可用调色板的模型</translation>
        </message>
    </context>
    <context>
        <name>PointField</name>
        <message>
            <source>Start from the seed again</source>
            <translation>重新从种子出发</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>图片</translation>
        </message>
        <message>
            <source>Point</source>
            <translation>点</translation>
        </message>
        <message>
            <source>Seed {0}</source>
            <translation>种子 {0}</translation>
        </message>
    </context>
    <context>
        <name>PromptField</name>
        <message>
            <source>Say what you want</source>
            <translation>描述你想要的内容</translation>
        </message>
        <message>
            <source>Earlier prompts (Alt+Up, Alt+Down)</source>
            <translation>以前的提示词（Alt+↑、Alt+↓）</translation>
        </message>
        <message>
            <source>Example: {0}</source>
            <translation>示例：{0}</translation>
        </message>
        <message>
            <source>Ctrl+Up and Ctrl+Down weigh the word at the cursor, Alt+Up brings an earlier prompt back, Ctrl+Return runs.</source>
            <translation>Ctrl+↑ 和 Ctrl+↓ 调整光标处词语的权重，Alt+↑ 找回以前的提示词，Ctrl+Return 运行。</translation>
        </message>
        <message>
            <source>{0} / {1} tokens</source>
            <translation>{0} / {1} 个词元</translation>
        </message>
        <message numerus="yes">
            <source>%n token(s)</source>
            <translation>
                <numerusform>%n 个词元</numerusform>
            </translation>
        </message>
        <message>
            <source>This seed reads: {0}</source>
            <translation>此种子读作：{0}</translation>
        </message>
        <message>
            <source>Not read any more: “{0}”</source>
            <translation>超出长度，不再读取：“{0}”</translation>
        </message>
        <message>
            <source>No earlier prompts yet</source>
            <translation>还没有以前的提示词</translation>
        </message>
        <message>
            <source>Examples</source>
            <translation>示例</translation>
        </message>
    </context>
    <context>
        <name>RunBar</name>
        <message>
            <source>{0} steps</source>
            <translation>{0} 步</translation>
        </message>
        <message>
            <source>about {0}</source>
            <translation>约 {0}</translation>
        </message>
        <message>
            <source>{0} of memory</source>
            <translation>内存 {0}</translation>
        </message>
        <message>
            <source>Step {0} of {1}</source>
            <translation>第 {0} 步，共 {1} 步</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <source>Make the result of these settings ({0})</source>
            <translation>按当前设置生成结果（{0}）</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Stop at once; the result before stays (Esc)</source>
            <translation>立即停止，保留之前的结果（Esc）</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>进度</translation>
        </message>
        <message>
            <source>Waiting for the engine</source>
            <translation>等待引擎</translation>
        </message>
        <message>
            <source>{0} left</source>
            <translation>剩余 {0}</translation>
        </message>
    </context>
    <context>
        <name>SearchDrop</name>
        <message>
            <source>Type to search</source>
            <translation>输入以搜索</translation>
        </message>
    </context>
    <context>
        <name>Sections</name>
        <message>
            <source>Found in the weights of the model (SeFa): nobody has named what they change. Try them, and double-click a name to give it your own.</source>
            <translation>从模型权重中发现（SeFa）：还没有人为它们的效果命名。试一试，双击名称即可自行命名。</translation>
        </message>
        <message>
            <source>Favourites</source>
            <translation>收藏</translation>
        </message>
        <message>
            <source>Put away</source>
            <translation>收起来</translation>
        </message>
        <message>
            <source>Sliders you do not need. They keep their values; Randomise leaves them alone.</source>
            <translation>不需要的滑块。它们保持原值；随机化不会改动它们。</translation>
        </message>
        <message>
            <source>Discovered</source>
            <translation>发现的方向</translation>
        </message>
        <message>
            <source>Discovered: coarse (pose, shape)</source>
            <translation>发现：粗略（姿态、形状）</translation>
        </message>
        <message>
            <source>Discovered: middle (parts, features)</source>
            <translation>发现：中等（局部、特征）</translation>
        </message>
        <message>
            <source>Discovered: fine (colour, texture)</source>
            <translation>发现：精细（颜色、质感）</translation>
        </message>
        <message>
            <source>Main variations</source>
            <translation>主要变化</translation>
        </message>
        <message>
            <source>The ways in which the model's own pictures differ most (PCA), the greatest first.</source>
            <translation>模型自身图片之间差异最大的方式（PCA），从大到小排列。</translation>
        </message>
    </context>
    <context>
        <name>SeedField</name>
        <message>
            <source>Previous seed (Shift+R)</source>
            <translation>上一个种子 (Shift+R)</translation>
        </message>
        <message>
            <source>New seed (R)</source>
            <translation>新种子 (R)</translation>
        </message>
    </context>
    <context>
        <name>Session</name>
        <message>
            <source>Restore</source>
            <translation>恢复</translation>
        </message>
        <message>
            <source>Reset everything</source>
            <translation>全部重置</translation>
        </message>
        <message>
            <source>Rename “{0}” to “{1}”</source>
            <translation>将“{0}”改名为“{1}”</translation>
        </message>
        <message>
            <source>Randomise sliders</source>
            <translation>随机调整滑块</translation>
        </message>
        <message>
            <source>Bring back</source>
            <translation>拉回来</translation>
        </message>
    </context>
    <context>
        <name>Settings</name>
        <message>
            <source>As the system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>深色</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>浅色</translation>
        </message>
        <message>
            <source>Best available</source>
            <translation>自动选择</translation>
        </message>
        <message>
            <source>Processor (CPU)</source>
            <translation>处理器 (CPU)</translation>
        </message>
        <message>
            <source>NVIDIA graphics (CUDA)</source>
            <translation>NVIDIA 显卡 (CUDA)</translation>
        </message>
        <message>
            <source>Any graphics card (DirectML, Windows)</source>
            <translation>任意显卡 (DirectML，Windows)</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>外观</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Keep pictures in</source>
            <translation>图片保留到</translation>
        </message>
        <message>
            <source>Run models on</source>
            <translation>模型运行于</translation>
        </message>
        <message>
            <source>Processor threads</source>
            <translation>处理器线程</translation>
        </message>
        <message>
            <source>Convert with</source>
            <translation>转换所用</translation>
        </message>
        <message>
            <source>Memory for a model</source>
            <translation>模型可用内存</translation>
        </message>
        <message>
            <source>For models of several parts, which take turns in it. Less is slower; the results are the same. Automatic: half of what is free; on a processor no more than half of a large model.</source>
            <translation>用于由多个部分组成的模型，各部分轮流使用。越少越慢，结果不变。自动：空闲内存的一半；在处理器上，大型模型最多占其自身大小的一半。</translation>
        </message>
    </context>
    <context>
        <name>SettingsDialog</name>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Now running on: {0}</source>
            <translation>当前运行于：{0}</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>The Python of this program</source>
            <translation>本程序的 Python</translation>
        </message>
        <message>
            <source>A Python with PyTorch, for converting checkpoints</source>
            <translation>装有 PyTorch 的 Python，用于转换检查点</translation>
        </message>
        <message>
            <source>Browse…</source>
            <translation>浏览…</translation>
        </message>
        <message>
            <source>Keep pictures in</source>
            <translation>图片保留到</translation>
        </message>
    </context>
    <context>
        <name>ShortcutSheet</name>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>键盘快捷键</translation>
        </message>
        <message>
            <source>Ctrl + wheel</source>
            <translation>Ctrl + 滚轮</translation>
        </message>
        <message>
            <source>Zoom at the cursor</source>
            <translation>以光标为中心缩放</translation>
        </message>
        <message>
            <source>Drag, Space-drag, middle button</source>
            <translation>拖动、空格拖动、中键</translation>
        </message>
        <message>
            <source>Move the picture</source>
            <translation>移动图片</translation>
        </message>
        <message>
            <source>Double-click on the picture</source>
            <translation>双击图片</translation>
        </message>
        <message>
            <source>Fit, or actual pixels</source>
            <translation>适合窗口或实际像素</translation>
        </message>
        <message>
            <source>Shift-drag, Shift + arrows</source>
            <translation>Shift 拖动、Shift + 方向键</translation>
        </message>
        <message>
            <source>Fine steps on a slider</source>
            <translation>滑块微调</translation>
        </message>
        <message>
            <source>Double-click, Delete</source>
            <translation>双击、Delete</translation>
        </message>
        <message>
            <source>Reset a slider</source>
            <translation>重置滑块</translation>
        </message>
        <message>
            <source>Mouse</source>
            <translation>鼠标</translation>
        </message>
        <message>
            <source>In a prompt</source>
            <translation>在提示词中</translation>
        </message>
        <message>
            <source>Weigh the word at the cursor</source>
            <translation>调整光标处词语的权重</translation>
        </message>
        <message>
            <source>Earlier prompts</source>
            <translation>以前的提示词</translation>
        </message>
        <message>
            <source>On a card of text</source>
            <translation>在文字卡片上</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>复制</translation>
        </message>
        <message>
            <source>Star</source>
            <translation>加星标</translation>
        </message>
        <message>
            <source>Keep this one</source>
            <translation>保留这一条</translation>
        </message>
        <message>
            <source>Mask brush</source>
            <translation>蒙版画笔</translation>
        </message>
        <message>
            <source>Smaller, larger</source>
            <translation>变小、变大</translation>
        </message>
        <message>
            <source>Brush or eraser</source>
            <translation>画笔或橡皮擦</translation>
        </message>
        <message>
            <source>In the history, comparing</source>
            <translation>历史与比较</translation>
        </message>
        <message>
            <source>Pick a state to compare</source>
            <translation>选取要比较的状态</translation>
        </message>
        <message>
            <source>Ctrl + click</source>
            <translation>Ctrl + 单击</translation>
        </message>
        <message>
            <source>Each in the other's place</source>
            <translation>互换位置</translation>
        </message>
        <message>
            <source>Hold Space</source>
            <translation>按住空格键</translation>
        </message>
        <message>
            <source>Library</source>
            <translation>收藏库</translation>
        </message>
        <message>
            <source>Rate, take the rating away</source>
            <translation>评分，取消评分</translation>
        </message>
        <message>
            <source>Restore</source>
            <translation>恢复</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>移出收藏库</translation>
        </message>
    </context>
    <context>
        <name>SizeField</name>
        <message>
            <source>Width in pixels</source>
            <translation>宽度（像素）</translation>
        </message>
        <message>
            <source>Height in pixels</source>
            <translation>高度（像素）</translation>
        </message>
        <message>
            <source>Keep the shape</source>
            <translation>保持比例</translation>
        </message>
        <message>
            <source>Common sizes</source>
            <translation>常用尺寸</translation>
        </message>
        <message>
            <source>Square, small</source>
            <translation>方形，小</translation>
        </message>
        <message>
            <source>Square</source>
            <translation>方形</translation>
        </message>
        <message>
            <source>Square, large</source>
            <translation>方形，大</translation>
        </message>
        <message>
            <source>Banner</source>
            <translation>横幅</translation>
        </message>
        <message>
            <source>Wide screen</source>
            <translation>宽屏</translation>
        </message>
        <message>
            <source>Ultra HD</source>
            <translation>超高清</translation>
        </message>
        <message>
            <source>Portrait post</source>
            <translation>竖版帖子</translation>
        </message>
        <message>
            <source>Story</source>
            <translation>快拍</translation>
        </message>
        <message>
            <source>A4, 300 dpi</source>
            <translation>A4，300 dpi</translation>
        </message>
        <message>
            <source>A3, 300 dpi</source>
            <translation>A3，300 dpi</translation>
        </message>
        <message>
            <source>Icon</source>
            <translation>图标</translation>
        </message>
        <message>
            <source>Turn by a quarter</source>
            <translation>旋转 90°</translation>
        </message>
    </context>
    <context>
        <name>SliderField</name>
        <message>
            <source>Reset (double-click)</source>
            <translation>重置（双击）</translation>
        </message>
        <message>
            <source>Lock: keep this value when randomising</source>
            <translation>锁定：随机时保持此值</translation>
        </message>
        <message>
            <source>Filmstrip: see what this slider does</source>
            <translation>胶片条：看看这个滑块的效果</translation>
        </message>
        <message>
            <source>{0}, value</source>
            <translation>{0}，数值</translation>
        </message>
        <message>
            <source>Rename…</source>
            <translation>重命名…</translation>
        </message>
        <message>
            <source>Use the model's own name</source>
            <translation>使用模型自带的名称</translation>
        </message>
        <message>
            <source>Favourite</source>
            <translation>收藏</translation>
        </message>
        <message>
            <source>Put away</source>
            <translation>收起来</translation>
        </message>
        <message>
            <source>Filmstrip</source>
            <translation>胶片条</translation>
        </message>
        <message>
            <source>Reset</source>
            <translation>重置</translation>
        </message>
        <message>
            <source>{0}, filmstrip</source>
            <translation>{0}，胶片条</translation>
        </message>
        <message>
            <source>Moves layers {0} to {1} of the model.</source>
            <translation>作用于模型的第 {0} 至 {1} 层。</translation>
        </message>
        <message>
            <source>Moves layer {0} of the model.</source>
            <translation>作用于模型的第 {0} 层。</translation>
        </message>
        <message>
            <source>Double-click the name to rename it, right-click for more.</source>
            <translation>双击名称可重命名，右键查看更多。</translation>
        </message>
    </context>
    <context>
        <name>Stars</name>
        <message>
            <source>Rate it: keys 1 to 5, 0 for none</source>
            <translation>评分：按 1 到 5，按 0 取消</translation>
        </message>
        <message>
            <source>Rating</source>
            <translation>评分</translation>
        </message>
    </context>
    <context>
        <name>StatusStrip</name>
        <message>
            <source>Zoom: pixels of the screen per pixel of the picture</source>
            <translation>缩放：每个图片像素对应的屏幕像素</translation>
        </message>
        <message>
            <source>Time of the last result inside the model</source>
            <translation>模型生成上一结果所用时间</translation>
        </message>
        <message>
            <source>Size of the result</source>
            <translation>结果的大小</translation>
        </message>
        <message>
            <source>Engine is starting</source>
            <translation>引擎正在启动</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>就绪</translation>
        </message>
        <message>
            <source>Engine is being started again</source>
            <translation>引擎正在重新启动</translation>
        </message>
        <message>
            <source>Engine stopped</source>
            <translation>引擎已停止</translation>
        </message>
        <message>
            <source>{0} (asked for: {1})</source>
            <translation>{0}（请求：{1}）</translation>
        </message>
        <message>
            <source>Requested: {0}</source>
            <translation>请求：{0}</translation>
        </message>
        <message>
            <source>Running on: {0}</source>
            <translation>实际运行：{0}</translation>
        </message>
        <message numerus="yes">
            <source>%n text(s)</source>
            <translation>
                <numerusform>%n 条文字</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n colour(s)</source>
            <translation>
                <numerusform>%n 种颜色</numerusform>
            </translation>
        </message>
        <message>
            <source>model {0}</source>
            <translation>模型 {0}</translation>
        </message>
        <message>
            <source>model {0} ms</source>
            <translation>模型 {0} 毫秒</translation>
        </message>
        <message>
            <source>Batch: {0} of {1}</source>
            <translation>批量：{0} / {1}</translation>
        </message>
        <message>
            <source>Show the conversion</source>
            <translation>显示转换</translation>
        </message>
    </context>
    <context>
        <name>Strip</name>
        <message>
            <source>What this slider does from here; click a picture to go there</source>
            <translation>从当前状态看这个滑块的效果；点击图片即可到达</translation>
        </message>
        <message>
            <source>Filmstrip</source>
            <translation>胶片条</translation>
        </message>
    </context>
    <context>
        <name>Studio</name>
        <message>
            <source>Undo {0}</source>
            <translation>撤销 {0}</translation>
        </message>
        <message>
            <source>Redo {0}</source>
            <translation>重做 {0}</translation>
        </message>
        <message>
            <source>A model is being converted</source>
            <translation>正在转换模型</translation>
        </message>
        <message>
            <source>Quit now? The conversion is given up and has to be started again.</source>
            <translation>现在退出吗？转换将被放弃，需要重新开始。</translation>
        </message>
        <message>
            <source>A batch is running</source>
            <translation>批量任务正在进行</translation>
        </message>
        <message>
            <source>Quit now? What is made so far stays, and the batch can be resumed from its folder.</source>
            <translation>现在退出吗？已生成的图片会保留，之后可以从该文件夹继续。</translation>
        </message>
    </context>
    <context>
        <name>SwatchCard</name>
        <message>
            <source>{0}: click to copy</source>
            <translation>{0}：点击复制</translation>
        </message>
    </context>
    <context>
        <name>SwatchRow</name>
        <message>
            <source>Click to change a colour, drag to move it. Arrow keys choose, Ctrl+arrows move, Enter changes, Delete takes away.</source>
            <translation>点击更改颜色，拖动调整顺序。方向键选择，Ctrl+方向键移动，Enter 更改，Delete 移除。</translation>
        </message>
    </context>
    <context>
        <name>TagEdit</name>
        <message>
            <source>Add a tag</source>
            <translation>添加标签</translation>
        </message>
        <message>
            <source>Take the tag “{0}” away</source>
            <translation>移除标签“{0}”</translation>
        </message>
    </context>
    <context>
        <name>Teller</name>
        <message>
            <source>Checking “{0}”…</source>
            <translation>正在检查“{0}”…</translation>
        </message>
        <message>
            <source>Restored {0}</source>
            <translation>已恢复 {0}</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>显示</translation>
        </message>
        <message>
            <source>The studio ended unexpectedly last time.</source>
            <translation>工作室上次意外退出。</translation>
        </message>
        <message>
            <source>Your settings and the last state are back. The report is in the log folder.</source>
            <translation>设置和上次的状态已恢复，报告在日志文件夹中。</translation>
        </message>
        <message>
            <source>Open log folder</source>
            <translation>打开日志文件夹</translation>
        </message>
        <message>
            <source>Drop a checkpoint, an ONNX file or a package here, or choose one of your models.</source>
            <translation>把检查点、ONNX 文件或模型包拖到这里，或选择您的一个模型。</translation>
        </message>
        <message>
            <source>No model is open</source>
            <translation>没有打开的模型</translation>
        </message>
        <message>
            <source>One conversion at a time: drop “{0}” again when this one is done</source>
            <translation>一次只能转换一个：完成后请再次拖入“{0}”</translation>
        </message>
        <message>
            <source>Batch: {0} made</source>
            <translation>批次：已生成 {0}</translation>
        </message>
        <message>
            <source>Added {0}</source>
            <translation>已添加 {0}</translation>
        </message>
        <message>
            <source>Kept as {0}</source>
            <translation>已保留为 {0}</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>在文件夹中显示</translation>
        </message>
    </context>
    <context>
        <name>TextBoard</name>
        <message>
            <source>Copy all</source>
            <translation>全部复制</translation>
        </message>
        <message>
            <source>Keep all</source>
            <translation>全部保留</translation>
        </message>
        <message numerus="yes">
            <source>%n text(s)</source>
            <translation>
                <numerusform>%n 条文字</numerusform>
            </translation>
        </message>
        <message>
            <source>{0}, still being written</source>
            <translation>{0}，仍在书写</translation>
        </message>
        <message numerus="yes">
            <source>Keep %n starred</source>
            <translation>
                <numerusform>保留 %n 条加星标的</numerusform>
            </translation>
        </message>
        <message>
            <source>Text copied</source>
            <translation>已复制文字</translation>
        </message>
        <message numerus="yes">
            <source>%n text(s) copied</source>
            <translation>
                <numerusform>已复制 %n 条文字</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Timeline</name>
        <message>
            <source>Name</source>
            <translation>名称</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>Go to “{0}”</source>
            <translation>前往“{0}”</translation>
        </message>
        <message>
            <source>Pinned: “{0}”</source>
            <translation>已置顶：“{0}”</translation>
        </message>
        <message>
            <source>No longer pinned: “{0}”</source>
            <translation>已取消置顶：“{0}”</translation>
        </message>
        <message>
            <source>Name this state</source>
            <translation>命名此状态</translation>
        </message>
        <message numerus="yes">
            <source>%n state(s) deleted</source>
            <translation>
                <numerusform>已删除 %n 个状态</numerusform>
            </translation>
        </message>
        <message>
            <source>There is nothing to compare with yet: pick two states with Ctrl</source>
            <translation>还没有可比较的内容：请按住 Ctrl 选取两个状态</translation>
        </message>
        <message>
            <source>Go to this state</source>
            <translation>前往此状态</translation>
        </message>
        <message>
            <source>Compare with the present state</source>
            <translation>与当前状态比较</translation>
        </message>
        <message>
            <source>Unpin</source>
            <translation>取消置顶</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>置顶</translation>
        </message>
        <message>
            <source>Name…</source>
            <translation>命名…</translation>
        </message>
        <message>
            <source>Keep as a file</source>
            <translation>保留为文件</translation>
        </message>
        <message>
            <source>Delete branch</source>
            <translation>删除分支</translation>
        </message>
        <message>
            <source>The history is full: the oldest states go, but for pinned and named ones</source>
            <translation>历史已满：最旧的状态会被清理，置顶和命名的除外</translation>
        </message>
    </context>
</TS>
