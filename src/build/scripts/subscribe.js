// From static/js/subscribe.js, SHA-256 242e2d5680fc4865ea33fe40889783a695f8bf09ad80bd5042cfb342c40c535c
const t=t=>document.getElementById(`ui--${t}`);if(t("copy")&&navigator.clipboard){const e=t("copied");t("copy").hidden=!1,t("copy").onclick=async()=>{try{await navigator.clipboard.writeText(t("feed").textContent),e.textContent=e.dataset.copied}catch{e.textContent=e.dataset.failed}}}
